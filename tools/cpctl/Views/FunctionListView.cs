using System.Globalization;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>Deployed functions.</summary>
internal sealed record FunctionListView(IReadOnlyList<FunctionView> Functions) : View
{
    public override IRenderable Render() => Layout.Table(
        ["FUNCTION", "VERSION", "FREE", "STARTING", "LEASES", "WAITING", "WARM", "RESERVED", "MEMORY", "TIMEOUT", "COMMAND"],
        Functions.Select(f => new[]
        {
            f.Name, Number(f.Version), Number(f.SandboxesFree), Number(f.SandboxesStarting), Number(f.Leases), Number(f.Waiting),
            Number(f.WarmTarget), Number(f.ReservedConcurrency), $"{f.MemoryMib} MiB", Duration.FromMilliseconds(f.TimeoutMs).ToString(),
            string.Join(' ', f.Command),
        }),
        "no functions are deployed");

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One function.</summary>
internal sealed record FunctionView(string Name, uint Version, IReadOnlyList<string> Command, string CodePath) : View
{
    public uint MemoryMib { get; init; }

    public uint TimeoutMs { get; init; }

    public uint ReservedConcurrency { get; init; }

    public uint WarmTarget { get; init; }

    public long IdleTimeoutMs { get; init; }

    public ulong Position { get; init; }

    public uint SandboxesStarting { get; init; }

    public uint SandboxesFree { get; init; }

    public uint Leases { get; init; }

    public uint Waiting { get; init; }

    /// <summary>Of a deployment only: nothing had to change.</summary>
    public bool? Unchanged { get; init; }

    public static FunctionView Of(FunctionStatus status, bool? unchanged = null) =>
        new(status.Function.Name, status.Function.Version, [.. status.Function.Command], status.Function.CodePath)
        {
            MemoryMib = status.Function.MemoryMib,
            TimeoutMs = status.Function.TimeoutMs,
            ReservedConcurrency = status.ReservedConcurrency,
            WarmTarget = status.WarmTarget,
            IdleTimeoutMs = status.IdleTimeoutMs,
            Position = status.Position,
            SandboxesStarting = status.SandboxesStarting,
            SandboxesFree = status.SandboxesFree,
            Leases = status.Leases,
            Waiting = status.Waiting,
            Unchanged = unchanged,
        };

    public override IRenderable Render() => Layout.Line(
        $"{Name} v{Version} {(Unchanged == true ? "was deployed already" : "deployed")} (position {Position})");
}
