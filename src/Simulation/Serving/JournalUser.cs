using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Simulation.Clients;
using ControlPlane.Simulation.Nodes;

namespace ControlPlane.Simulation.Serving;

/// <summary>Serves a journal to clients that append and read its tail, as <c>Runtime/Journals/JournalHost</c> does.</summary>
internal sealed class JournalUser(NodeProcess process) : INodeUser
{
    private readonly SpokenStates _spoken = new(process);
    private RunningHash _state = new();
    private LeaderClock _clock;

    public IStateMachine State => _state;

    public IStateMachine NewState() => new RunningHash();

    public void Reset(IStateMachine state) => _state = (RunningHash)state;

    public void Lead() => _clock = new LeaderClock(process.Host, process.Node.Sequencer!.LastTime);

    public void Deposed()
    {
        _spoken.Drop();
        process.World.Calls.Broken(process.Host.Index);
    }

    public void Handle(OpenCall call)
    {
        if (call.Question is Question.Append append)
        {
            var result = process.Node.Append(append.Request, _clock.Now);
            var isNew = result is { Status: AppendStatus.Ok, Replayed: false };
            if (isNew)
            {
                foreach (var payload in append.Request.Payloads)
                {
                    _state.Apply(payload.Span);
                }

                _spoken.Add(result.Last, _state.Hash);
            }

            process.World.Coverage.Hit(result.Replayed ? "an append was repeated" : $"append {result.Status}");
            process.Held.Add(result.AnswerAfter, isNew, () => call.Answer(new CallAnswer.Appended(result), process.Host.Now));
        }
        else
        {
            var tail = process.Node.Sequencer!.Tail;
            process.Held.Add(tail.Previous, false, () => call.Answer(new CallAnswer.Tail(tail), process.Host.Now));
        }
    }

    public void EndBatch(SequenceNumber committed) => _spoken.Release(committed);

    public void Gone() => process.World.Calls.Broken(process.Host.Index);
}
