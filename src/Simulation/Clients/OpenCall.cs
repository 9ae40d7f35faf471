using ControlPlane.Replication.Appending;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Simulation.Clients;

/// <summary>What is asked of a node.</summary>
internal abstract record Question
{
    private Question()
    {
    }

    /// <summary>A command of the worker manager, once the node has a name for the call.</summary>
    public sealed record Manager(Func<CallId, Command> Make) : Question;

    /// <summary>An append to the journal.</summary>
    public sealed record Append(AppendRequest Request) : Question;

    /// <summary>The journal's tail, linearizably.</summary>
    public sealed record Tail : Question;
}

/// <summary>One attempt of a call, at one node.</summary>
internal sealed class OpenCall(CallNetwork network, int node, Question question, Action<CallAnswer> answered)
{
    public int Node { get; } = node;

    public Question Question { get; } = question;

    /// <summary>True once the caller has heard, or has given up.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The node answers; the caller hears it after a while, unless the answer is lost.</summary>
    public void Answer(CallAnswer answer, long at) => network.Return(this, answer, at);

    /// <summary>The caller hears.</summary>
    public void Hear(CallAnswer answer)
    {
        if (!IsOver)
        {
            IsOver = true;
            answered(answer);
        }
    }

    /// <summary>The caller waits no longer: whatever comes is not heard.</summary>
    public void GiveUp() => IsOver = true;
}
