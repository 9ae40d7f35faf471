using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Registers;

/// <summary>
/// One round of CASPaxos (Rystsov, arXiv 1802.07000) at one ballot: prepare at a majority, take the highest accepted state, apply the
/// operation, have the result accepted by a majority.
/// Guarantee: of all states that rounds have chosen, each later one descends from each earlier one.
/// </summary>
/// <remarks>
/// Which majority: of the acceptors that the found state names. If the found state names others than were asked, they are asked too; so
/// stale knowledge of who the acceptors are costs a round trip, never safety. A state that was only founded needs all its acceptors,
/// because foundings do not exclude one another otherwise. A change of the acceptors needs majorities of the old and of the new ones.
/// The argument is in the project's README.
///
/// The caller gives each round a ballot that no other round has or will ever have, and decides about waiting, backing off and trying again.
/// </remarks>
public sealed class RegisterRound : RegisterExchange
{
    private readonly Ballot _ballot;
    private readonly RegisterOperation _operation;
    private readonly List<ReplicaId> _asked;
    private readonly Dictionary<ReplicaId, (Ballot AcceptedAt, IReadOnlyList<ReplicaId> Acceptors)> _prepared = [];
    private readonly HashSet<ReplicaId> _refused = [];
    private readonly HashSet<ReplicaId> _fresh = [];
    private readonly HashSet<ReplicaId> _accepted = [];
    private RegisterState? _found;
    private Ballot _foundAt;
    private RegisterState? _proposed;

    /// <summary>A round at <paramref name="ballot"/> that first asks <paramref name="ask"/>: whoever may be an acceptor.</summary>
    public RegisterRound(Ballot ballot, IReadOnlyCollection<ReplicaId> ask, RegisterOperation operation)
    {
        Invariant.Check(ballot > Ballot.None, "a round's ballot is above that of a founding");
        _ballot = ballot;
        _operation = operation;
        _asked = [.. ask.Distinct()];
    }

    /// <summary>The end; null while the round goes on.</summary>
    public RoundOutcome? Outcome { get; private set; }

    /// <summary>True once the operation's change was sent to anyone: from then on it may be chosen, whatever becomes of this round.</summary>
    public bool HasProposedChange { get; private set; }

    /// <summary>The state that was proposed, with the ballot of the one it was made from; for those who watch the protocol.</summary>
    public (Ballot From, RegisterState State)? Proposal => _proposed is { } state ? (_foundAt, state) : null;

    /// <summary>The round's ballot.</summary>
    public Ballot Ballot => _ballot;

    /// <summary>The highest ballot that stood in the way; the next round must be above it. Also of a round that was given up.</summary>
    public Ballot Seen { get; private set; }

    /// <inheritdoc/>
    public override bool IsOver => Outcome is not null;

    /// <inheritdoc/>
    public override void Begin(ICollection<RegisterSend> outbox) => Repeat(outbox);

    /// <inheritdoc/>
    public override void Repeat(ICollection<RegisterSend> outbox)
    {
        if (IsOver)
        {
            return;
        }

        if (_proposed is null)
        {
            Send(_asked.Where(a => !_prepared.ContainsKey(a) && !_fresh.Contains(a)), new Prepare(_ballot), outbox);
        }
        else
        {
            Send(Voters().Where(a => !_accepted.Contains(a) && !_refused.Contains(a)), new Accept(_ballot, _proposed), outbox);
        }
    }

    /// <inheritdoc/>
    public override void Receive(ReplicaId from, PeerMessage message, ICollection<RegisterSend> outbox)
    {
        if (IsOver)
        {
            return;
        }

        switch (message)
        {
            case Prepared prepared when prepared.Ballot == _ballot && _proposed is null && _asked.Contains(from):
                Receive(from, prepared);
                break;
            case Accepted accepted when accepted.Ballot == _ballot && _proposed is not null:
                _accepted.Add(from);
                _fresh.Remove(from);
                break;
            case BallotRefused refused when refused.Ballot == _ballot && refused.Promised > _ballot:
                _refused.Add(from);
                Seen = refused.Promised > Seen ? refused.Promised : Seen;
                break;
            case Refused { Reason: PeerRefusal.NotMember } when !_prepared.ContainsKey(from) && _proposed?.Acceptors.Contains(from) != true:
                _fresh.Add(from);
                break;
            case Accepted accepted when _proposed is null && _found is not null && accepted.Ballot == _foundAt:
                outbox.Add(new RegisterSend(from, new Prepare(_ballot))); // It was introduced, and can promise now.
                return;
            default:
                return;
        }

        if (_proposed is null)
        {
            ConsiderPromises(outbox);
        }
        else
        {
            ConsiderVotes();
        }
    }

    private void Receive(ReplicaId from, Prepared prepared)
    {
        Invariant.Check(prepared.AcceptedAt < _ballot, "a promise comes before anything that is accepted at its ballot");
        _prepared[from] = (prepared.AcceptedAt, prepared.State.Acceptors);
        _fresh.Remove(from);
        if (_found is null || prepared.AcceptedAt > _foundAt)
        {
            // The message's memory is the receiver's only for now.
            (_found, _foundAt) = (prepared.State with { Value = prepared.State.Value.ToArray() }, prepared.AcceptedAt);
        }
    }

    private void ConsiderPromises(ICollection<RegisterSend> outbox)
    {
        if (Seen > Ballot.None)
        {
            // Nothing is proposed yet: to begin again above the other costs least.
            Outcome = new RoundOutcome.Beaten();
            return;
        }

        if (_found is { } found)
        {
            var missing = found.Acceptors.Except(_asked).ToArray();
            _asked.AddRange(missing);
            Send(missing, new Prepare(_ballot), outbox);
            Introduce(found, outbox);

            var needed = _foundAt == Ballot.None ? found.Acceptors.Count : Quorum.MajorityOf(found.Acceptors.Count);
            if (found.Acceptors.Count(_prepared.ContainsKey) >= needed && FoundedAsOne(found))
            {
                Propose(found, outbox);
                return;
            }
        }

        if (_asked.All(a => _prepared.ContainsKey(a) || _fresh.Contains(a)))
        {
            Outcome = new RoundOutcome.Unfounded();
        }
    }

    // The found state may name an acceptor that never heard of it, because whoever added it was cut short; and a majority may depend on
    // it. Saying again what was proposed at that ballot is a repetition of a message that was on its way to it anyhow.
    private void Introduce(RegisterState found, ICollection<RegisterSend> outbox)
    {
        if (_foundAt > Ballot.None && found.Acceptors.Where(_fresh.Remove).ToArray() is { Length: > 0 } newcomers)
        {
            Send(newcomers, new Accept(_foundAt, found), outbox);
        }
    }

    // Nothing was ever accepted at the acceptors of `found`: then all of them must have been founded by the same word.
    private bool FoundedAsOne(RegisterState found) =>
        _foundAt > Ballot.None || found.Acceptors.All(a => AcceptorSet.AreSame(_prepared[a].Acceptors, found.Acceptors));

    private void Propose(RegisterState found, ICollection<RegisterSend> outbox)
    {
        if (_operation is RegisterOperation.Read && IsChosenAlready(found))
        {
            Outcome = new RoundOutcome.Chosen(found, _foundAt, IsOwnChange: false);
            return;
        }

        if (_operation is RegisterOperation.ChangeAcceptors change && change.ConfirmedAt != _foundAt)
        {
            (Seen, Outcome) = (_foundAt, new RoundOutcome.Beaten());
            return;
        }

        var next = _operation.Apply(found);
        _proposed = next ?? found;
        HasProposedChange = next is not null;
        Invariant.Check(
            _operation is RegisterOperation.ChangeAcceptors || AcceptorSet.AreSame(found.Acceptors, _proposed.Acceptors),
            "acceptors change by a confirmed change only");
        _fresh.Clear(); // A fresh acceptor that the proposal names will take it.
        Send(Voters(), new Accept(_ballot, _proposed), outbox);
    }

    private bool IsChosenAlready(RegisterState found) =>
        _foundAt > Ballot.None
        && AcceptorSet.IsMajority(found.Acceptors, _prepared.Where(p => p.Value.AcceptedAt == _foundAt).Select(p => p.Key).ToHashSet());

    private void ConsiderVotes()
    {
        if (AcceptorSet.IsMajority(_found!.Acceptors, _accepted) && AcceptorSet.IsMajority(_proposed!.Acceptors, _accepted))
        {
            Outcome = new RoundOutcome.Chosen(_proposed, _ballot, HasProposedChange);
        }
        else if (!CanBeMajority(_found.Acceptors) || !CanBeMajority(_proposed!.Acceptors))
        {
            Outcome = new RoundOutcome.Beaten();
        }
    }

    private bool CanBeMajority(IReadOnlyList<ReplicaId> acceptors) =>
        acceptors.Count(a => !_refused.Contains(a) && !_fresh.Contains(a)) >= Quorum.MajorityOf(acceptors.Count);

    private IEnumerable<ReplicaId> Voters() => _found!.Acceptors.Union(_proposed!.Acceptors);

    private static void Send(IEnumerable<ReplicaId> to, PeerMessage message, ICollection<RegisterSend> outbox)
    {
        foreach (var acceptor in to)
        {
            outbox.Add(new RegisterSend(acceptor, message));
        }
    }
}
