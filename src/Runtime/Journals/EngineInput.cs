using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Journals;

/// <summary>What reaches a journal from outside its users: it goes through the same mailbox as their commands.</summary>
internal abstract class EngineInput
{
    /// <summary>Inside the loop.</summary>
    public abstract void Apply(JournalEngine engine);

    /// <summary>It will not be applied: gives back what it holds.</summary>
    public virtual void Drop()
    {
    }
}

/// <summary>Messages of one connection that arrived together.</summary>
internal sealed class MessagesArrived(IReadOnlyList<PeerEnvelope> envelopes, Action done) : EngineInput
{
    public override void Apply(JournalEngine engine)
    {
        try
        {
            foreach (var envelope in envelopes)
            {
                engine.Receive(envelope.From, envelope.Message);
            }
        }
        finally
        {
            done();
        }
    }

    public override void Drop() => done();
}

/// <summary>A way to a replica is there, or gone.</summary>
internal sealed class PeerMoved(ReplicaId replica, bool isReached) : EngineInput
{
    public override void Apply(JournalEngine engine) => engine.PeerMoved(replica, isReached);
}

/// <summary>Time passes.</summary>
internal sealed class TimePassed : EngineInput
{
    public static TimePassed Instance { get; } = new();

    public override void Apply(JournalEngine engine) => engine.Tick();
}

/// <summary>The register has answered.</summary>
internal sealed class RegisterAnswered(Action tell) : EngineInput
{
    public override void Apply(JournalEngine engine) => tell();
}

/// <summary>An action of the owner's.</summary>
internal sealed class EngineAction(Action<JournalEngine> action) : EngineInput
{
    public override void Apply(JournalEngine engine) => action(engine);
}

/// <summary>Another thread's question, asked inside the loop. Whoever waits is answered in any case, also if the loop has ended.</summary>
internal sealed class EngineQuestion<T>(Func<JournalEngine, T> question) : EngineInput
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Answer => _answer.Task;

    public override void Apply(JournalEngine engine)
    {
        try
        {
            _answer.SetResult(question(engine));
        }
        catch (Exception refused) when (refused is ReplacementFailedException or JournalNotLedException)
        {
            // The answer is no; the journal goes on.
            _answer.SetException(refused);
        }
        catch
        {
            Drop();
            throw;
        }
    }

    public override void Drop() => _answer.TrySetException(new JournalFailedException("The journal takes no more questions: it is closed, has failed, or is overloaded.", null));
}
