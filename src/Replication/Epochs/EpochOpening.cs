using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Epochs;

/// <summary>
/// How a writer comes to reign: seal the reign before at a majority, find the longest verified tail F among them, hold F itself and
/// bring a majority up to it, then close the old reign at F and open the new one in a single compare-and-set.
/// </summary>
/// <remarks>
/// Why it is safe: a committed entry is on a majority; that majority meets the sealed one; so F covers it. After the seal
/// nothing of the old reign commits. Two openings may find different F; only the compare-and-set decides, and the loser starts
/// again. A replica that cannot verify what it holds must not answer the seal. What a replica holds of an older reign beyond that
/// reign's end (it was away when it ended) is not part of its tail. The essay is in the project's README.
/// Sans I/O; one caller at a time.
/// </remarks>
public sealed class EpochOpening
{
    private readonly ReplicaId _opener;
    private readonly IReadOnlyList<ReplicaId> _nextReplicas;
    private readonly ulong _version;
    private readonly JournalConfiguration _configuration;
    private readonly Dictionary<ReplicaId, VerifiedTail> _sealed = [];
    private readonly HashSet<ReplicaId> _copied = [];
    private bool _proposed;

    /// <summary>Prepares to open a reign for <paramref name="opener"/> on <paramref name="nextReplicas"/>, from the register's value at <paramref name="version"/>.</summary>
    public EpochOpening(ulong version, JournalConfiguration configuration, ReplicaId opener, IReadOnlyList<ReplicaId> nextReplicas)
    {
        Invariant.Check(nextReplicas.Contains(opener), "a writer keeps a copy of what it writes");
        _version = version;
        _configuration = configuration;
        _opener = opener;
        _nextReplicas = nextReplicas;
    }

    /// <summary>F, once a majority is sealed.</summary>
    public VerifiedTail? Final { get; private set; }

    /// <summary>How far what <paramref name="replica"/> holds counts; null before it has sealed.</summary>
    public VerifiedTail? SealedTail(ReplicaId replica) => _sealed.TryGetValue(replica, out var tail) ? tail : null;

    /// <summary>The replicas of the reign that is being ended.</summary>
    public IReadOnlyList<ReplicaId> OldReplicas => _configuration.Current?.Replicas ?? [];

    /// <summary>The first step.</summary>
    public OpeningEffect Begin() => _configuration.Current is { } last
        ? new OpeningEffect.Seal(last.Epoch, last.Replicas)
        : Propose(new VerifiedTail(SequenceNumber.None, ChainHash.Genesis(_configuration.Journal), default));

    /// <summary>A replica has sealed the old reign and holds entries up to <paramref name="held"/>. Null: wait for more.</summary>
    /// <exception cref="JournalShorterThanRegisterException">Everyone ends before what the register has as closed.</exception>
    public OpeningEffect? Sealed(ReplicaId replica, VerifiedTail held)
    {
        if (_proposed || Final is not null || !OldReplicas.Contains(replica))
        {
            return null;
        }

        _sealed[replica] = Counting(_configuration, held);
        var longest = _sealed.MaxBy(s => s.Value.Last);
#if MUTANTS
        longest = Mutant.Is("final-below-committed") ? _sealed.MinBy(s => s.Value.Last) : longest;
#endif
        var floor = _configuration.Current!.Start.Previous;
        if (_sealed.Count < Quorum.MajorityOf(OldReplicas.Count))
        {
            return null;
        }

        if (longest.Value.Last < floor)
        {
            // Entries that the register has as closed are on a majority of an earlier reign's replicas: ask the rest before giving up.
            return _sealed.Count < OldReplicas.Count ? null : throw new JournalShorterThanRegisterException(longest.Value.Last, floor);
        }

        Final = longest.Value;
        foreach (var (holder, tail) in _sealed)
        {
            if (tail.Last == Final.Value.Last)
            {
                Invariant.Check(tail.Hash == Final.Value.Hash, "one payload for each position and epoch");
                _copied.Add(holder);
            }
        }

        return _copied.Contains(_opener) ? Spread(Final.Value) : new OpeningEffect.FetchUpTo(Final.Value, longest.Key);
    }

    /// <summary>A replica (the opener itself among them) holds everything up to F durably. Null: wait for more.</summary>
    public OpeningEffect? Copied(ReplicaId replica)
    {
        if (_proposed || Final is not { } final || !_copied.Add(replica))
        {
            return null;
        }

        return replica == _opener ? Spread(final) : HeldByMajority() ? Propose(final) : null;
    }

    /// <summary>How much of what a replica holds counts: nothing of a reign beyond where the next one begins.</summary>
    public static VerifiedTail Counting(JournalConfiguration configuration, VerifiedTail held)
    {
        foreach (var reign in configuration.Epochs)
        {
            if (reign.Epoch > held.Epoch)
            {
                return held.Last < reign.Start ? held : new VerifiedTail(reign.Start.Previous, reign.StartHash, held.Epoch);
            }
        }

        return held;
    }

    private OpeningEffect Spread(VerifiedTail final) => HeldByMajority()
        ? Propose(final)
        : new OpeningEffect.CopyTo(final, [.. _sealed.Where(r => !_copied.Contains(r.Key)).Select(r => new CopyTarget(r.Key, r.Value.Last)).OrderBy(t => t.Replica)]);

    private bool HeldByMajority() => _copied.Count(OldReplicas.Contains) >= Quorum.MajorityOf(OldReplicas.Count);

    private OpeningEffect.CompareAndSet Propose(VerifiedTail final)
    {
        _proposed = true;
        var epoch = _configuration.Current?.Epoch.Next ?? new Epoch(1);
        return new OpeningEffect.CompareAndSet(
            _version, _configuration.Succeed(final.Last, final.Hash, epoch, _opener, _nextReplicas));
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
