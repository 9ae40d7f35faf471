using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Replication.Tests.Registers;

/// <summary>A proposer of a <see cref="RegisterWorld"/>: does one call after the other and notes what it was told.</summary>
internal sealed class WorldProposer(int index, SplitMix random, RegisterHistory history, int changesPercent, int acceptors, int acceptorsMin)
{
    private IReadOnlyList<ReplicaId> _ask = [RegisterWorld.Id(1), RegisterWorld.Id(2), RegisterWorld.Id(3), RegisterWorld.Id(4)];
    private UInt128 _incarnation = (UInt128)(1000 * (index + 1));
    private ulong _counter;
    private ulong _knownVersion;
    private ulong _floor;
    private UInt128 _stamps = (UInt128)(index + 1) << 64;
    private UInt128 _stamp;
    private CompareAndSetCall? _cas;
    private ulong _expected;
    private ChangeAcceptorsCall? _change;
    private RegisterRound? _round;
    private bool _noted;

    public int Index => index;

    public List<(UInt128 Stamp, ulong Version)> Replaced { get; } = [];

    public List<UInt128> NotReplaced { get; } = [];

    public int Unknown { get; private set; }

    public int Reads { get; private set; }

    public (RegisterState State, Ballot At)? Confirmed { get; private set; }

    /// <summary>Begins the next round of the call, or the next call.</summary>
    public void Go(ICollection<RegisterSend> outbox)
    {
        if (_round is not null)
        {
            return;
        }

        if (_cas is null && _change is null)
        {
            _floor = history.ChosenVersion;
            if (random.Chance(changesPercent))
            {
                _change = new ChangeAcceptorsCall(random.Chance(50) ? RandomAcceptors() : OneStep());
            }
            else if (random.Chance(80))
            {
                _expected = random.Chance(85) ? _knownVersion : _knownVersion + (ulong)random.Below(2);
                _stamp = ++_stamps;
                _cas = new CompareAndSetCall(_expected, _stamp, new byte[] { 7 });
            }
        }

        Begin(_cas?.Operation ?? _change?.Operation ?? new RegisterOperation.Read(), outbox);
    }

    public void Confirm(ICollection<RegisterSend> outbox)
    {
        GiveUpRound();
        Confirmed = null;
        _floor = history.ChosenVersion;
        _ask = [.. Enumerable.Range(1, acceptors).Select(RegisterWorld.Id)];
        Begin(new RegisterOperation.Confirm(), outbox);
    }

    public void Repeat(ICollection<RegisterSend> outbox) => _round?.Repeat(outbox);

    public void Receive(ReplicaId from, PeerMessage message, ICollection<RegisterSend> outbox)
    {
        if (_round is not { } round)
        {
            return;
        }

        round.Receive(from, message, outbox);
        if (!_noted && round.Proposal is { } proposal)
        {
            _noted = true;
            history.Proposed(round.Ballot, proposal.From, proposal.State);
        }

        if (round.IsOver)
        {
            Judge(round);
        }
    }

    public void GiveUpRound()
    {
        if (_round is { } round)
        {
            Judge(round);
        }
    }

    /// <summary>Forgets everything; what it was doing is never told. It comes back as another.</summary>
    public void Die()
    {
        _round = null;
        _cas = null;
        _change = null;
        _incarnation++;
        _counter = 0;
        _ask = [RegisterWorld.Id(1), RegisterWorld.Id(2), RegisterWorld.Id(3), RegisterWorld.Id(4)];
    }

    private void Begin(RegisterOperation operation, ICollection<RegisterSend> outbox)
    {
        var ask = random.Chance(50) ? _ask : RandomAcceptors();
        _round = new RegisterRound(new Ballot(++_counter, new ReplicaId(_incarnation)), ask, operation);
        _noted = false;
        _round.Begin(outbox);
    }

    private void Judge(RegisterRound round)
    {
        _round = null;
        _counter = Math.Max(_counter, round.Seen.Counter);
        if (round.Outcome is RoundOutcome.Chosen chosen)
        {
            Assert.True(history.IsChosen(chosen.At), "what a round calls chosen is chosen");
            Assert.True(chosen.State.Version >= _floor, "what was chosen before a call is seen by it");
            _ask = chosen.State.Acceptors;
            _knownVersion = chosen.State.Version;
            Confirmed = (chosen.State, chosen.At);
        }

        if (_cas is { } cas)
        {
            Note(cas.Judge(round));
        }
        else if (_change is { } change)
        {
            _change = change.Judge(round) || random.Chance(5) ? null : change;
        }
        else
        {
            Reads++;
        }
    }

    private void Note(CompareAndSetVerdict verdict)
    {
        switch (verdict)
        {
            case CompareAndSetVerdict.Replaced:
                Replaced.Add((_stamp, _expected + 1));
                break;
            case CompareAndSetVerdict.NotReplaced:
                NotReplaced.Add(_stamp);
                break;
            case CompareAndSetVerdict.Unknown:
                Unknown++;
                break;
            default:
                return;
        }

        _cas = null;
    }

    // Neighbours of one set are the ones that can part: their majorities may miss each other.
    private IReadOnlyList<ReplicaId> OneStep()
    {
        var other = RegisterWorld.Id(1 + random.Below(acceptors));
        IReadOnlyList<ReplicaId> next = _ask.Contains(other) ? [.. _ask.Where(a => a != other)] : [.. _ask, other];
        return next.Count >= acceptorsMin ? next : _ask;
    }

    private ReplicaId[] RandomAcceptors()
    {
        while (true)
        {
            var wanted = Enumerable.Range(1, acceptors).Where(_ => random.Chance(55)).Select(RegisterWorld.Id).ToArray();
            if (wanted.Length >= acceptorsMin)
            {
                return wanted;
            }
        }
    }
}
