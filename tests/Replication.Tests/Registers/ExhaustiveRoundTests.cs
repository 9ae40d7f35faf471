using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Replication.Tests.Registers;

/// <summary>
/// Every order in which the messages of two proposers and three acceptors can arrive, up to a number of rounds for each proposer. A message
/// that is never delivered is a lost one: what must hold is checked in every state on the way.
/// </summary>
public sealed class ExhaustiveRoundTests
{
    private static readonly IReadOnlyList<ReplicaId> Three = [RegisterWorld.Id(1), RegisterWorld.Id(2), RegisterWorld.Id(3)];

    /// <param name="roundsOfFirst">Most rounds of the first proposer.</param>
    /// <param name="roundsOfSecond">Most rounds of the second.</param>
    /// <param name="deliveriesMax">Most messages delivered; 24 are all there are where each has one round.</param>
    /// <param name="statesMin">How many different states that is, at least: so that it is seen if the exploration shrinks.</param>
    [Theory]
    [InlineData(1, 1, 24, 5_000)]
    [InlineData(2, 2, 15, 30_000)]
    public void In_every_order_of_messages_there_is_one_history(int roundsOfFirst, int roundsOfSecond, int deliveriesMax, int statesMin)
    {
        var seen = new HashSet<string>();
        var open = new Queue<byte[]>([[]]);
        var told = 0;
        while (open.TryDequeue(out var schedule))
        {
            var here = new Run([roundsOfFirst, roundsOfSecond]);
            foreach (var choice in schedule)
            {
                here.Deliver(choice);
            }

            if (!seen.Add(here.Fingerprint()))
            {
                continue;
            }

            here.AssertTold();
            told += here.OneIsTold ? 1 : 0;
            for (var i = 0; i < here.Waiting && schedule.Length < deliveriesMax; i++)
            {
                open.Enqueue([.. schedule, (byte)i]);
            }
        }

        Assert.True(seen.Count >= statesMin && told > 0, $"{seen.Count} states, {told} of them with an answer to a caller");
    }

    private sealed class Run
    {
        private readonly RegisterHistory _history = new(Three);
        private readonly string[] _votes = ["", "", ""];
        private readonly Acceptor[] _acceptors;
        private readonly Proposer[] _proposers;
        private readonly List<(int Proposer, int Acceptor, PeerMessage Message, bool IsReply)> _network = [];

        public Run(int[] rounds)
        {
            _acceptors = [.. Three.Select(id => new Acceptor(id, new AcceptorState(Ballot.None, Ballot.None, new RegisterState(Three, 0, default))))];
            _proposers = [.. rounds.Select((left, i) => new Proposer((UInt128)(i + 1)) { RoundsLeft = left })];
            for (var i = 0; i < _proposers.Length; i++)
            {
                Begin(i);
            }
        }

        public int Waiting => _network.Count;

        public bool OneIsTold => _proposers.Any(p => p.Told is not null);

        public void Deliver(int index)
        {
            var (proposer, acceptor, message, isReply) = _network[index];
            _network.RemoveAt(index);
            if (isReply)
            {
                Receive(proposer, acceptor, message);
                return;
            }

            var answer = _acceptors[acceptor].Handle(message);
            if (message is Accept accept && answer.ToStore is not null)
            {
                _history.Accepted(accept.Ballot, Three[acceptor]);
                _votes[acceptor] += Name(accept.Ballot) + ' ';
            }

            // What the proposer would ignore need not wait: it changes nothing.
            if (_proposers[proposer].Round is { IsOver: false } round && BallotOf(message) == round.Ballot)
            {
                _network.Add((proposer, acceptor, answer.Reply, true));
            }
        }

        public void AssertTold()
        {
            var stamps = _history.NewestChosen is { } newest ? _history.StampsUpTo(newest) : [];
            foreach (var proposer in _proposers)
            {
                Assert.True(proposer.Told != CompareAndSetVerdict.Replaced || stamps[0] == proposer.Stamp, "what was told to have replaced the value is there");
                Assert.True(proposer.Told != CompareAndSetVerdict.NotReplaced || !stamps.Contains(proposer.Stamp), "what was told not to have replaced it never takes effect");
            }
        }

        // All acceptors are alike: states that differ only in which of them is which are one state.
        public string Fingerprint() => string.Join(
            '|',
            Enumerable.Range(0, Three.Count)
                .Select(a => string.Join(
                    ' ',
                    _network.Where(m => m.Acceptor == a).Select(m => Describe(m.Proposer, m.Message))
                        .Concat(_proposers.SelectMany((p, i) => p.Heard.Where(h => h.Acceptor == a).Select(h => "h" + Describe(i, h.Message))))
                        .Order(StringComparer.Ordinal)
                        .Prepend($"{Name(_acceptors[a].State.Promised)}/{_votes[a]}")))
                .Order(StringComparer.Ordinal)
                .Concat(_proposers.Select(p => $"{p.RoundsLeft}{p.Told}{p.Round?.Proposal?.From.Counter}{p.Round?.Proposal?.State.Version}")));

        private static string Name(Ballot ballot) => string.Create(CultureInfo.InvariantCulture, $"{ballot.Counter}.{ballot.Proposer.Value}");

        private static Ballot BallotOf(PeerMessage message) => message switch
        {
            Prepare p => p.Ballot,
            Accept a => a.Ballot,
            Prepared p => p.Ballot,
            Accepted a => a.Ballot,
            BallotRefused r => r.Ballot,
            _ => throw new ArgumentException("No such message is sent here.", nameof(message)),
        };

        private static string Describe(int proposer, PeerMessage message) => message switch
        {
            Prepared p => $"{proposer}P{Name(p.Ballot)}@{Name(p.AcceptedAt)}",
            BallotRefused r => $"{proposer}R{Name(r.Ballot)}<{Name(r.Promised)}",
            _ => $"{proposer}{message.GetType().Name}{Name(BallotOf(message))}",
        };

        private void Receive(int index, int acceptor, PeerMessage message)
        {
            var proposer = _proposers[index];
            if (proposer.Round is not { IsOver: false } round || BallotOf(message) != round.Ballot)
            {
                return;
            }

            var outbox = new List<RegisterSend>();
            var hadProposed = round.Proposal is not null;
            round.Receive(Three[acceptor], message, outbox);
            proposer.Heard.Add((acceptor, message));
            Send(index, outbox);
            if (!hadProposed && round.Proposal is { } proposal)
            {
                _history.Proposed(round.Ballot, proposal.From, proposal.State);
            }

            if (round.IsOver)
            {
                var verdict = proposer.Call.Judge(round);
                proposer.Told = verdict == CompareAndSetVerdict.Again ? null : verdict;
                proposer.Counter = Math.Max(proposer.Counter, round.Seen.Counter);
                if (proposer.Told is null)
                {
                    Begin(index);
                }
            }
        }

        private void Begin(int index)
        {
            var proposer = _proposers[index];
            proposer.Heard.Clear();
            if (proposer.RoundsLeft-- == 0)
            {
                proposer.Round = null;
                return;
            }

            proposer.Round = new RegisterRound(new Ballot(++proposer.Counter, new ReplicaId(proposer.Stamp)), Three, proposer.Call.Operation);
            var outbox = new List<RegisterSend>();
            proposer.Round.Begin(outbox);
            Send(index, outbox);
        }

        private void Send(int proposer, List<RegisterSend> outbox) =>
            _network.AddRange(outbox.Select(s => (proposer, (int)s.To.Value - 1, s.Message, false)));
    }

    private sealed class Proposer(UInt128 stamp)
    {
        public UInt128 Stamp { get; } = stamp;

        public CompareAndSetCall Call { get; } = new(0, stamp, default);

        public List<(int Acceptor, PeerMessage Message)> Heard { get; } = [];

        public RegisterRound? Round { get; set; }

        public CompareAndSetVerdict? Told { get; set; }

        public int RoundsLeft { get; set; }

        public ulong Counter { get; set; }
    }
}
