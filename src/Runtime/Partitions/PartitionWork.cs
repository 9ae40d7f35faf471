using ControlPlane.Runtime.Loops;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Runtime.Partitions;

/// <summary>One item of a partition's mailbox.</summary>
internal abstract class PartitionWork
{
    /// <summary>Does it, inside the loop. Whoever waits is answered after the flush.</summary>
    public abstract void Run(PartitionLoop loop);

    /// <summary>The loop has failed and will not run it.</summary>
    public abstract void Reject(Exception fault);
}

/// <summary>A command that nobody waits for.</summary>
internal sealed class CommandWork(Command command) : PartitionWork
{
    public override void Run(PartitionLoop loop)
    {
        // Not meant for a follower: whoever sent it hears from its session, or will tell the new leader.
        if (loop.Leads)
        {
            loop.Step(command);
        }
    }

    public override void Reject(Exception fault)
    {
        // Nobody waits, and whoever sent it (a worker, a timer) learns of the end by its own connection.
    }
}

/// <summary>A command whose reply somebody awaits.</summary>
internal sealed class CallWork(CallCommand command) : PartitionWork
{
    private readonly PendingCall<Outcome> _pending = new();

    public ValueTask<Outcome> Task => _pending.Task;

    public override void Run(PartitionLoop loop)
    {
        if (!loop.Leads)
        {
            _pending.Answer(new Refused(loop.NotLeader()));
            return;
        }

        loop.Expect(command.Call, _pending);
        loop.Step(command);
    }

    public override void Reject(Exception fault) => _pending.Fault(fault);
}

/// <summary>A question to the state between two steps.</summary>
internal sealed class QueryWork<T>(Func<WorkerManagerCore, T> query, ReadFrom from) : PartitionWork
{
    private readonly PendingCall<T> _pending = new();

    public ValueTask<T> Task => _pending.Task;

    public override void Run(PartitionLoop loop)
    {
        if (from == ReadFrom.Leader && !loop.Leads)
        {
            _pending.Fault(new PartitionNotLedException(loop.Engine.LeaderAddress));
            return;
        }

        // What it saw may be speculative: it is told after the flush, like everything else.
        var answer = query(loop.Core);
        loop.AfterCommit(new QueryAnswer<T>(_pending, answer));
    }

    public override void Reject(Exception fault) => _pending.Fault(fault);
}

/// <summary>An action of the host's that belongs between two batches of the journal, such as trimming.</summary>
internal sealed class JournalWork<T>(Func<Journals.JournalEngine, T> action) : PartitionWork
{
    private readonly PendingCall<T> _pending = new();

    public ValueTask<T> Task => _pending.Task;

    public override void Run(PartitionLoop loop) => loop.AfterCommit(new QueryAnswer<T>(_pending, action(loop.Engine)));

    public override void Reject(Exception fault) => _pending.Fault(fault);
}

/// <summary>What reaches the journal from other nodes, from its register and from the clock.</summary>
internal sealed class JournalInputWork(Journals.EngineInput input) : PartitionWork
{
    public override void Run(PartitionLoop loop) => input.Apply(loop.Engine);

    public override void Reject(Exception fault) => input.Drop();
}

/// <summary>An answer that waits for the flush.</summary>
internal interface IHeldAnswer
{
    void Release();

    void Fail(Exception fault);
}

internal sealed class QueryAnswer<T>(PendingCall<T> pending, T answer) : IHeldAnswer
{
    public void Release() => pending.Answer(answer);

    public void Fail(Exception fault) => pending.Fault(fault);
}
