using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Replication.Tests.Registers;

/// <summary>
/// Proposers, acceptors and a network in which everything goes wrong: messages are lost, repeated and overtaken, acceptors crash before or
/// after their state is durable, proposers give up, die, write, read, and change the acceptors, all at once. One seed is one run.
/// </summary>
internal sealed class RegisterWorld
{
    private const int Acceptors = 6;
    private readonly SplitMix _random;
    private readonly Dictionary<ReplicaId, AcceptorState> _durable = [];
    private readonly Dictionary<ReplicaId, Acceptor> _acceptors = [];
    private readonly List<(int Proposer, ReplicaId Acceptor, PeerMessage Message, bool IsReply)> _network = [];
    private readonly List<RegisterSend> _outbox = [];
    private readonly WorldProposer[] _proposers;
    private readonly bool _oneMayDie;
    private readonly int _lossPercent;
    private ReplicaId _dead;

    /// <param name="seed">Decides everything that is left to chance.</param>
    /// <param name="proposers">How many.</param>
    /// <param name="changesPercent">Of the calls, how many change the acceptors.</param>
    /// <param name="lossPercent">Of the steps, how many lose a message.</param>
    public RegisterWorld(ulong seed, int proposers, int changesPercent, int lossPercent = 5)
    {
        _lossPercent = lossPercent;
        _random = new SplitMix(seed);
        _oneMayDie = _random.Chance(50); // Then there are always at least three.
        IReadOnlyList<ReplicaId> founded = [Id(1), Id(2), Id(3), Id(4)];
        History = new RegisterHistory(founded);
        for (var i = 1; i <= Acceptors; i++)
        {
            _durable[Id(i)] = AcceptorState.Fresh;
            _acceptors[Id(i)] = new Acceptor(Id(i), AcceptorState.Fresh);
            if (i <= founded.Count)
            {
                _durable[Id(i)] = _acceptors[Id(i)].Handle(new Found(founded)).ToStore!;
            }
        }

        _proposers = [.. Enumerable.Range(0, proposers).Select(i => new WorldProposer(i, _random, History, changesPercent, Acceptors, _oneMayDie ? 3 : 1))];
    }

    public RegisterHistory History { get; }

    public IEnumerable<WorldProposer> Proposers => _proposers;

    public static ReplicaId Id(int number) => new((UInt128)number);

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Step();
        }

        FinishWithoutFaults();
    }

    private void Step()
    {
        var proposer = _random.Pick(_proposers);
        switch (_random.Below(100))
        {
            case var n when n < 80 - _lossPercent && _network.Count > 0:
                Deliver(_random.Below(_network.Count), faults: true);
                break;
            case < 80 when _network.Count > 0:
                _network.RemoveAt(_random.Below(_network.Count));
                break;
            case < 82:
                Restart(Id(1 + _random.Below(Acceptors)));
                break;
            case < 86:
                proposer.GiveUpRound();
                break;
            case < 87:
                proposer.Die();
                break;
            case < 90:
                Collect(proposer, proposer.Repeat);
                break;
            default:
                Collect(proposer, proposer.Go);
                break;
        }
    }

    private void Deliver(int index, bool faults)
    {
        var (proposer, acceptor, message, isReply) = _network[index];
        if (!faults || !_random.Chance(8))
        {
            _network.RemoveAt(index);
        }

        if (isReply)
        {
            Collect(_proposers[proposer], outbox => _proposers[proposer].Receive(acceptor, message, outbox));
            return;
        }

        if (acceptor == _dead)
        {
            return;
        }

        var answer = _acceptors[acceptor].Handle(message);
        if (answer.ToStore is { } state)
        {
            if (faults && _random.Chance(3))
            {
                Restart(acceptor); // Nothing of it was durable.
                return;
            }

            _durable[acceptor] = state;
            if (message is Accept accept)
            {
                History.Accepted(accept.Ballot, acceptor);
            }
        }

        if (faults && _random.Chance(3))
        {
            Restart(acceptor); // Durable, and nobody hears of it.
            return;
        }

        _network.Add((proposer, acceptor, answer.Reply, true));
    }

    private void Restart(ReplicaId acceptor) => _acceptors[acceptor] = new Acceptor(acceptor, _durable[acceptor]);

    private void Collect(WorldProposer proposer, Action<ICollection<RegisterSend>> action)
    {
        _outbox.Clear();
        action(_outbox);
        _network.AddRange(_outbox.Select(s => (proposer.Index, s.To, s.Message, false)));
    }

    // Everything works again, save one acceptor where the others are enough: one proposer reads what the register holds, and all that was told must be true of it.
    private void FinishWithoutFaults()
    {
        var reader = _proposers[0];
        _network.Clear();
        _dead = _oneMayDie && History.ChosenCount > 0 ? Id(1 + _random.Below(Acceptors)) : default;
        reader.Die();
        for (var tries = 0; ; tries++)
        {
            Assert.True(tries < 20, "a proposer that is alone gets through");
            Collect(reader, reader.Confirm);
            while (_network.Count > 0)
            {
                Deliver(_network.Count - 1, faults: false);
            }

            if (reader.Confirmed is { } last)
            {
                AssertTold(History.StampsUpTo(last.At));
                return;
            }
        }
    }

    private void AssertTold(IReadOnlyList<UInt128> stamps)
    {
        Assert.Equal(stamps.Count, stamps.Distinct().Count());
        foreach (var (stamp, version) in _proposers.SelectMany(p => p.Replaced))
        {
            Assert.Equal(stamp, stamps[(int)version - 1]);
        }

        foreach (var stamp in _proposers.SelectMany(p => p.NotReplaced))
        {
            Assert.DoesNotContain(stamp, stamps);
        }
    }
}
