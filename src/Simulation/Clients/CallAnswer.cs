using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Simulation.Clients;

/// <summary>What a caller learns of one attempt.</summary>
internal abstract record CallAnswer
{
    private CallAnswer()
    {
    }

    /// <summary>The worker manager's answer.</summary>
    public sealed record Said(Outcome Outcome) : CallAnswer;

    /// <summary>The journal's answer to an append.</summary>
    public sealed record Appended(AppendResult Result) : CallAnswer;

    /// <summary>The journal's tail.</summary>
    public sealed record Tail(SequenceNumber Next) : CallAnswer;

    /// <summary>Not done: ask this node, or any.</summary>
    public sealed record NotLeader(int? Hint) : CallAnswer;

    /// <summary>Nobody took it: there is no process.</summary>
    public sealed record Unreachable : CallAnswer;

    /// <summary>It may be done, or not.</summary>
    public sealed record Unknown : CallAnswer;
}
