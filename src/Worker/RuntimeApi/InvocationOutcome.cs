using ControlPlane.Protocol.V1;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>How an invocation ended.</summary>
internal abstract record InvocationOutcome
{
    /// <summary>The function answered.</summary>
    public sealed record Answered(ReadOnlyMemory<byte> Payload) : InvocationOutcome;

    /// <summary>The function reported an error of its own; the sandbox goes on.</summary>
    public sealed record Failed(RuntimeError Error) : InvocationOutcome;

    /// <summary>The process ended, or was ended, before it answered.</summary>
    public sealed record Aborted(ErrorReason Reason, string Message, KeyValuePair<string, string>[] Metadata) : InvocationOutcome;
}
