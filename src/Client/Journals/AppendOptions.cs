namespace ControlPlane.Client;

/// <summary>Under which conditions an append succeeds; they are checked inside the append, so nothing can come between.</summary>
public sealed record AppendOptions
{
    /// <summary>Only if the journal's next position is exactly this.</summary>
    public ulong? ExpectedTail { get; init; }

    /// <summary>Only if this is the journal's current fence; without one, only while the fence is 0.</summary>
    public ulong? FencingToken { get; init; }
}
