using System.Buffers.Binary;
using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Simulation.Checks;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Clients;

/// <summary>A client of a journal: appends exactly once, now and then on the condition that it knows the tail, and reads the tail.</summary>
internal sealed class JournalClient : ISimulatedClient
{
    private readonly World _world;
    private readonly JournalClaims _claims;
    private readonly DrawStream _draws;
    private readonly Caller _caller;
    private readonly ClientId _id;
    private ulong _sequence;
    private SequenceNumber _believedTail = SequenceNumber.First;
    private int _left;
    private bool _stopped;

    public JournalClient(World world, JournalClaims claims, int index)
    {
        (_world, _claims) = (world, claims);
        _draws = world.Draws.Stream("journal client", index);
        _caller = new Caller(world, world.Draws.Stream("caller", index));
        _id = new ClientId(_draws.Identifier());
        _left = world.Knobs.OperationsPerClient == 0 ? int.MaxValue : world.Knobs.OperationsPerClient;
    }

    public bool IsWaiting { get; private set; }

    public void Start() => Pause();

    public void Stop() => _stopped = true;

    private void Pause() => _world.Agenda.In(_draws.Between(0, 2L * _world.Knobs.PauseMs) * Durations.Millisecond, () =>
    {
        if (!_stopped && _left-- > 0)
        {
            Operate();
        }
    });

    private void Operate()
    {
        IsWaiting = true;
        var kind = _draws.Below(10);
        if (kind < 2)
        {
            var floor = _claims.Floor;
            _caller.Ask(new Question.Tail(), attempt => floor = attempt.Answer is CallAnswer.Tail ? floor : _claims.Floor, answer =>
            {
                var tail = ((CallAnswer.Tail)answer).Next;
                _claims.Read(_id, floor, tail);
                _believedTail = tail;
                Done();
            });
            return;
        }

        Append(kind < 5 ? _believedTail : null);
    }

    private void Append(SequenceNumber? expectedTail)
    {
        var sequence = ++_sequence;
        var payloads = new List<ReadOnlyMemory<byte>>();
        for (var i = _draws.Below(3); i >= 0; i--)
        {
            var payload = new byte[8 + _draws.Below(64)];
            BinaryPrimitives.WriteUInt64LittleEndian(payload, _draws.Next());
            payloads.Add(payload);
        }

        var request = new AppendRequest { Payloads = payloads, ExpectedTail = expectedTail, Client = _id, ClientSequence = new ClientSequence(sequence) };
        var floor = _claims.Floor;
        var attempts = 0;
        _caller.Ask(new Question.Append(request), _ => attempts++, answer =>
        {
            var result = ((CallAnswer.Appended)answer).Result;
            _claims.Appended(request, result, floor, attempts);
            _believedTail = result.Status switch
            {
                AppendStatus.Ok => result.Last.Next,
                AppendStatus.TailMismatch => result.Tail,
                _ => _believedTail,
            };
            Done();
        });
    }

    private void Done()
    {
        IsWaiting = false;
        _world.Operations++;
        Pause();
    }
}
