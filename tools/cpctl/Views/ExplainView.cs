using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>What an allocation would do: <c>warm</c>, <c>cold</c>, <c>none</c> or <c>refused</c>, and why.</summary>
internal sealed record ExplainView(string Verdict, ulong Position) : View
{
    internal sealed record Filter(string Name, uint Removed);

    internal sealed record Candidate(string Worker, double Score, IReadOnlyDictionary<string, double> Terms);

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public string? Sandbox { get; init; }

    public string? Worker { get; init; }

    public uint SandboxesConsidered { get; init; }

    public IReadOnlyList<Filter> SandboxFilters { get; init; } = [];

    public uint WorkersConsidered { get; init; }

    public IReadOnlyList<Filter> WorkerFilters { get; init; } = [];

    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    public static ExplainView Of(ExplainResponse response) => new(Words.Of(response.Verdict), response.Position)
    {
        Reason = response.Refusal is { } refusal ? ReasonNames.Of(refusal.Reason) : null,
        Message = response.Refusal?.Message,
        Sandbox = response.Sandbox?.ToPrimitive().ToString(),
        Worker = response.Worker.Length > 0 ? response.Worker : null,
        SandboxesConsidered = response.SandboxesConsidered,
        SandboxFilters = [.. response.SandboxFilters.Select(f => new Filter(f.Name, f.Removed))],
        WorkersConsidered = response.WorkersConsidered,
        WorkerFilters = [.. response.WorkerFilters.Select(f => new Filter(f.Name, f.Removed))],
        Candidates = [.. response.Candidates.Select(c => new Candidate(c.Worker, c.Score, new SortedDictionary<string, double>(c.Terms.ToDictionary())))],
    };

    public override IRenderable Render()
    {
        var summary = Layout.Properties(
            ("verdict", Verdict + (Reason is null ? "" : $" ({Reason}: {Message})")),
            ("sandbox", Sandbox ?? ""),
            ("worker", Worker ?? ""),
            ("sandboxes", Considered(SandboxesConsidered, SandboxFilters)),
            ("workers", Considered(WorkersConsidered, WorkerFilters)),
            ("position", Position.ToString(CultureInfo.InvariantCulture)));
        return Candidates.Count == 0 ? summary : Layout.Stack(summary, RenderCandidates());
    }

    private IRenderable RenderCandidates() => Layout.Table(
        ["CANDIDATE", "SCORE", "TERMS"],
        Candidates.Select(c => new[]
        {
            c.Worker,
            c.Score.ToString("0.000", CultureInfo.InvariantCulture),
            string.Join(", ", c.Terms.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} {t.Value:0.000}"))),
        }),
        "");

    private static string Considered(uint considered, IReadOnlyList<Filter> filters) =>
        $"{considered} considered" + string.Concat(filters.Select(f => $", {f.Removed} removed by {f.Name}"));
}
