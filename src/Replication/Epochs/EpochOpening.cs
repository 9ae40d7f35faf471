using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Epochs;

/// <summary>How far a replica's verified journal reaches; always the end of a whole append.</summary>
public readonly record struct VerifiedTail(SequenceNumber Last, ChainHash Hash);

/// <summary>What an opening asks its surroundings to do next.</summary>
public abstract record OpeningEffect
{
    /// <summary>Ask these replicas to promise, durably, to take nothing more in <paramref name="Epoch"/>, and to say how far they verifiably reach.</summary>
    public sealed record Seal(Epoch Epoch, IReadOnlyList<ReplicaId> Replicas) : OpeningEffect;

    /// <summary>Bring these replicas up to <paramref name="Tail"/> from <paramref name="Source"/>, durably.</summary>
    public sealed record CopyTo(VerifiedTail Tail, ReplicaId Source, IReadOnlyList<ReplicaId> Replicas) : OpeningEffect;

    /// <summary>Compare-and-set the register from <paramref name="ExpectedVersion"/> to <paramref name="Value"/>.</summary>
    public sealed record CompareAndSet(ulong ExpectedVersion, JournalConfiguration Value) : OpeningEffect;

    /// <summary>The reign is won. Each replica must promise it, durably, before it takes an entry of it.</summary>
    public sealed record Opened(JournalConfiguration Configuration, EpochRecord Epoch) : OpeningEffect;

    /// <summary>Another writer changed the register first. Read it and start again from what it says.</summary>
    public sealed record Lost : OpeningEffect;
}

/// <summary>
/// How a writer comes to reign: seal the reign before at a majority, find the longest verified tail F among them, bring a
/// majority up to F, then close the old reign at F and open the new one in a single compare-and-set.
/// </summary>
/// <remarks>
/// Why it is safe: a committed entry is on a majority; that majority meets the sealed one; so F covers it. After the seal
/// nothing of the old reign commits. Two openings may find different F; only the compare-and-set decides, and the loser starts
/// again. A replica that cannot verify what it holds must not answer the seal. The essay is in the project's README.
/// Sans I/O; one caller at a time.
/// </remarks>
public sealed class EpochOpening
{
    private readonly ReplicaId _writer;
    private readonly IReadOnlyList<ReplicaId> _nextReplicas;
    private readonly ulong _version;
    private readonly JournalConfiguration _configuration;
    private readonly Dictionary<ReplicaId, VerifiedTail> _sealed = [];
    private readonly HashSet<ReplicaId> _copied = [];
    private VerifiedTail? _final;
    private bool _ended;

    /// <summary>Prepares to open a reign for <paramref name="writer"/> on <paramref name="nextReplicas"/>, from the register's value at <paramref name="version"/>.</summary>
    public EpochOpening(ulong version, JournalConfiguration configuration, ReplicaId writer, IReadOnlyList<ReplicaId> nextReplicas)
    {
        Invariant.Check(nextReplicas.Contains(writer), "a writer keeps a copy of what it writes");
        _version = version;
        _configuration = configuration;
        _writer = writer;
        _nextReplicas = nextReplicas;
    }

    private IReadOnlyList<ReplicaId> OldReplicas => _configuration.Current?.Replicas ?? [];

    /// <summary>The first step.</summary>
    public OpeningEffect Begin() => _configuration.Current is { } last
        ? new OpeningEffect.Seal(last.Epoch, last.Replicas)
        : Propose(new VerifiedTail(SequenceNumber.None, ChainHash.Genesis(_configuration.Journal)));

    /// <summary>A replica has sealed the old reign and reaches to <paramref name="tail"/>. Null: wait for more.</summary>
    /// <exception cref="JournalShorterThanRegisterException">A majority ends before what the register has as closed.</exception>
    public OpeningEffect? Sealed(ReplicaId replica, VerifiedTail tail)
    {
        if (_ended || _final is not null || !OldReplicas.Contains(replica))
        {
            return null;
        }

        _sealed[replica] = tail;
        if (_sealed.Count < Quorum.MajorityOf(OldReplicas.Count))
        {
            return null;
        }

        var longest = _sealed.MaxBy(s => s.Value.Last);
        var floor = _configuration.Current!.Start.Previous;
        if (longest.Value.Last < floor)
        {
            throw new JournalShorterThanRegisterException(longest.Value.Last, floor);
        }

        _final = longest.Value;
        foreach (var (holder, held) in _sealed)
        {
            if (held.Last == _final.Value.Last)
            {
                Invariant.Check(held.Hash == _final.Value.Hash, "one payload for each position and epoch");
                _copied.Add(holder);
            }
        }

        var behind = _sealed.Keys.Where(r => !_copied.Contains(r)).Order().ToArray();
        return HeldByMajority() ? Propose(_final.Value) : new OpeningEffect.CopyTo(_final.Value, longest.Key, behind);
    }

    /// <summary>A replica holds everything up to F durably. Null: wait for more.</summary>
    public OpeningEffect? Copied(ReplicaId replica)
    {
        if (_ended || _final is not { } final || !OldReplicas.Contains(replica) || HeldByMajority())
        {
            return null;
        }

        _copied.Add(replica);
        return HeldByMajority() ? Propose(final) : null;
    }

    /// <summary>How the compare-and-set went.</summary>
    public OpeningEffect Decided(bool won, JournalConfiguration proposed)
    {
        _ended = true;
        return won ? new OpeningEffect.Opened(proposed, proposed.Current!) : new OpeningEffect.Lost();
    }

    private bool HeldByMajority() => _copied.Count >= Quorum.MajorityOf(OldReplicas.Count);

    private OpeningEffect.CompareAndSet Propose(VerifiedTail final)
    {
        var epoch = _configuration.Current?.Epoch.Next ?? new Epoch(1);
        return new OpeningEffect.CompareAndSet(
            _version, _configuration.Succeed(final.Last, final.Hash, epoch, _writer, _nextReplicas));
    }
}

/// <summary>The replicas at hand hold less than the register says was closed: data is missing, and nothing may be opened.</summary>
public sealed class JournalShorterThanRegisterException(SequenceNumber found, SequenceNumber closed)
    : Exception($"The journal ends at position {found}, but the config register has position {closed} as closed. Entries are missing: restore the replica's directory, do not start it empty.")
{
    /// <summary>Last position found.</summary>
    public SequenceNumber Found { get; } = found;

    /// <summary>Last position that must exist.</summary>
    public SequenceNumber Closed { get; } = closed;
}
