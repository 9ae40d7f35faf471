using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Nodes;

/// <summary>
/// A process's proposer of the quorum register: production's rounds and verdicts, with the waiting of <c>Runtime/Registers</c> done by ticks. One
/// call at a time; each ends with an answer, or with null when nobody can tell.
/// </summary>
internal sealed class RegisterCaller(NodeProcess process, DrawStream draws)
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RoundTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    private readonly ReplicaId _name = new(draws.Identifier());
    private readonly Queue<Call> _waiting = [];
    private readonly List<RegisterSend> _outbox = [];
    private IReadOnlyList<ReplicaId> _acceptors = [];
    private ulong _counter;
    private Call? _call;
    private RegisterExchange? _exchange;
    private TimeSpan _began;
    private TimeSpan _said;
    private TimeSpan _waitUntil;
    private int _lost;

    /// <summary>Reads; told the version and the value (null: never written), or that it is not known.</summary>
    public void Read(Action<bool, ulong, JournalConfiguration?> answer) => Ask(new Call(
        () => new RegisterOperation.Read(),
        round =>
        {
            if (round.Outcome is not RoundOutcome.Chosen chosen)
            {
                return false;
            }

            var value = chosen.State.Version == 0 ? null : JournalConfigurationCodec.Decode(StampedValue.Read(chosen.State.Value).Value.Span);
            answer(true, chosen.State.Version, value);
            return true;
        },
        () => answer(false, 0, null)));

    /// <summary>Proposes; told whether it was taken, or null.</summary>
    public void CompareAndSet(ulong expectedVersion, JournalConfiguration value, Action<bool?> answer)
    {
        var call = new CompareAndSetCall(expectedVersion, draws.Identifier(), JournalConfigurationCodec.Encode(value));
        Ask(new Call(
            () => call.Operation,
            round =>
            {
                var verdict = call.Judge(round);
                if (verdict != CompareAndSetVerdict.Again)
                {
                    answer(verdict == CompareAndSetVerdict.Unknown ? null : verdict == CompareAndSetVerdict.Replaced);
                }

                return verdict != CompareAndSetVerdict.Again;
            },
            () => answer(null)));
    }

    /// <summary>Makes these the acceptors; told whether they are.</summary>
    public void ChangeAcceptors(IReadOnlyList<ReplicaId> wanted, Action<bool> answer)
    {
        var call = new ChangeAcceptorsCall(wanted);
        Ask(new Call(
            () => call.Operation,
            round =>
            {
                var isDone = call.Judge(round);
                if (isDone)
                {
                    answer(true);
                }

                return isDone;
            },
            () => answer(false)));
    }

    /// <summary>Begins the register at fresh replicas; told whether all know.</summary>
    public void Found(IReadOnlyList<ReplicaId> acceptors, Action<bool> answer) => Ask(new Call(
        () => new RegisterOperation.Confirm(),
        round =>
        {
            var isChosen = round.Outcome is RoundOutcome.Chosen;
            if (isChosen)
            {
                answer(true);
            }

            return isChosen;
        },
        () => answer(false))
    {
        Founding = new Founding(acceptors),
    });

    public void Receive(ReplicaId from, PeerMessage message)
    {
        if (_exchange is { } exchange)
        {
            exchange.Receive(from, message, _outbox);
            Send();
            Drive();
        }
    }

    /// <summary>Time passes.</summary>
    public void Drive()
    {
        while (Step())
        {
        }
    }

    private bool Step()
    {
        var now = process.Now;
        if (_call is null)
        {
            return _waiting.TryDequeue(out _call) && Begin(_call, now);
        }

        if (now - _call.Began >= CallTimeout)
        {
            return EndCall(_call.Fail);
        }

        return _exchange switch
        {
            null => now >= _waitUntil && BeginRound(now),
            Founding { IsOver: true } => EndFounding(),
            RegisterRound round when round.IsOver || now - _began >= RoundTimeout => EndRound(round, now),
            _ => Repeat(now),
        };
    }

    private bool Begin(Call call, TimeSpan now)
    {
        (call.Began, _lost, _waitUntil) = (now, 0, default);
        if (call.Founding is { } founding)
        {
            Begin(founding, now);
        }

        return true;
    }

    private bool BeginRound(TimeSpan now)
    {
        Begin(new RegisterRound(new Ballot(++_counter, _name), [.. _acceptors.Union(process.KnownReplicas())], _call!.Operation()), now);
        return true;
    }

    private void Begin(RegisterExchange exchange, TimeSpan now)
    {
        (_exchange, _began, _said) = (exchange, now, now);
        exchange.Begin(_outbox);
        Send();
    }

    private bool EndFounding()
    {
        _exchange = null;
        return true;
    }

    private bool EndRound(RegisterRound round, TimeSpan now)
    {
        _exchange = null;
        _counter = Math.Max(_counter, round.Seen.Counter);
        if (round.Outcome is RoundOutcome.Chosen chosen)
        {
            _counter = Math.Max(_counter, chosen.At.Counter);
            _acceptors = chosen.State.Acceptors;
        }
        else
        {
            process.World.Coverage.Hit(round.Outcome is null ? "register round given up" : "register round beaten");
            var longest = Math.Min(10L << Math.Min(_lost++, 7), 1_000);
            _waitUntil = now + TimeSpan.FromMilliseconds(draws.Between(0, longest));
        }

        var call = _call!;
        if (round.Outcome is RoundOutcome.Unfounded)
        {
            return EndCall(call.Fail);
        }

        // The next call begins only behind this one's answer.
        return !call.Judge(round) || EndCall(() => { });
    }

    private bool EndCall(Action tell)
    {
        (_call, _exchange) = (null, null);
        tell();
        return true;
    }

    private bool Repeat(TimeSpan now)
    {
        if (now - _said >= RepeatAfter)
        {
            _said = now;
            _exchange!.Repeat(_outbox);
            Send();
            return _exchange is { IsOver: true };
        }

        return false;
    }

    private void Ask(Call call)
    {
        _waiting.Enqueue(call);
        Drive();
    }

    // The own acceptor answers at once; what it answers may end the round.
    private void Send()
    {
        while (_outbox.Count > 0)
        {
            var batch = _outbox.ToArray();
            _outbox.Clear();
            foreach (var (to, message) in batch)
            {
                if (process.Tell(to, message) is { } reply)
                {
                    _exchange?.Receive(to, reply, _outbox);
                }
            }
        }
    }

    private sealed class Call(Func<RegisterOperation> operation, Func<RegisterRound, bool> judge, Action fail)
    {
        public Func<RegisterOperation> Operation { get; } = operation;

        public Func<RegisterRound, bool> Judge { get; } = judge;

        public Action Fail { get; } = fail;

        public Founding? Founding { get; init; }

        public TimeSpan Began { get; set; }
    }
}
