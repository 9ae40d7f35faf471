using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Security;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.Options;

namespace ControlPlane.Cpctl;

/// <summary>
/// What a failed run says on standard error: what happened, why, and what to do. For programs the same as
/// <c>{"error":{"exit","outcome","reason","code","message","metadata","fields","requestId","remedy"}}</c>.
/// </summary>
internal sealed record FailureReport(ExitCode Exit, string Outcome, string Reason, string Message)
{
    public string Code { get; init; } = "";

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<FieldViolation> Fields { get; init; } = [];

    public string? RequestId { get; init; }

    public string Remedy { get; init; } = "";

    public static FailureReport Usage(IReadOnlyList<string> problems, string help) =>
        new(ExitCode.Usage, "refused", "USAGE", string.Join(' ', problems)) { Remedy = $"See `{help}`." };

    /// <summary>The report of an exception that a command may end with; null for one that must not be caught: a broken invariant.</summary>
    public static FailureReport? Of(Exception failure, CancellationToken cancellation) => failure switch
    {
        ControlPlaneException refused => Of(refused),
        UsageException usage => new(ExitCode.Usage, "refused", "USAGE", usage.Message) { Remedy = usage.Remedy },
        HostingException hosting => new(hosting.Exit, "refused", hosting.Reason, hosting.Message) { Remedy = hosting.Remedy },
        ConfigurationException or OptionsValidationException or TlsFilesException => new(ExitCode.Configuration, "refused", "CONFIGURATION", failure.Message),
        OperationCanceledException when cancellation.IsCancellationRequested => new(ExitCode.Interrupted, "unknown", "INTERRUPTED", "interrupted"),
        Primitives.InvariantViolationException => null,
        _ => new(ExitCode.Internal, "unknown", "INTERNAL", $"{failure.GetType().Name}: {failure.Message}")
        {
            Remedy = "This is a fault of cpctl; please report it with the command line.",
        },
    };

    public void Write(Terminal terminal, bool json) =>
        terminal.Error.WriteLine(json ? JsonSerializer.Serialize(new { error = this }, JsonShape.Options) : ToText());

    public string ToText()
    {
        var lines = new List<string> { $"error: {(Reason is "USAGE" or "" ? "" : Reason + ": ")}{Message}" };
        lines.AddRange(Fields.Select(field => $"  {field.Field}: {field.Description}"));
        if (Metadata.Count > 0)
        {
            lines.Add("  " + string.Join(", ", Metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"{m.Key}={m.Value}")));
        }

        if (Remedy.Length > 0)
        {
            lines.Add($"  {Remedy}");
        }

        return string.Join('\n', lines);
    }

    private static FailureReport Of(ControlPlaneException failure) =>
        new(ExitCodes.Of(failure.Outcome), failure.Outcome.ToString().ToLowerInvariant(), ReasonNames.Of(failure), failure.Message)
        {
            Code = failure.Code.ToString(),
            Metadata = failure.Metadata,
            Fields = failure.FieldViolations,
            RequestId = failure.RequestId?.ToString(),
            Remedy = Remedies.For(failure),
        };
}
