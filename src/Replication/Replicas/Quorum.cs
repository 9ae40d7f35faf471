using ControlPlane.Primitives;

namespace ControlPlane.Replication.Replicas;

/// <summary>
/// How far a majority of a replica set holds the journal durably. Only contiguous prefixes count: a replica reports the
/// last position up to which it holds everything.
/// </summary>
public sealed class Quorum
{
    /// <summary>Largest replica set.</summary>
    public const int ReplicasMax = 9;

    private readonly ReplicaId[] _replicas;
    private readonly SequenceNumber[] _durable;
    private readonly SequenceNumber[] _sorted;

    /// <summary>Starts with every replica at <paramref name="durable"/>.</summary>
    public Quorum(IReadOnlyList<ReplicaId> replicas, SequenceNumber durable)
    {
        Invariant.Check(replicas.Count is > 0 and <= ReplicasMax, "a replica set is not empty and not large");
        Invariant.Check(replicas.Distinct().Count() == replicas.Count, "a replica counts once");
        _replicas = [.. replicas];
        _durable = new SequenceNumber[_replicas.Length];
        _sorted = new SequenceNumber[_replicas.Length];
        Array.Fill(_durable, durable);
    }

    /// <summary>Replicas in the set.</summary>
    public int Count => _replicas.Length;

    /// <summary>Size of a majority of <paramref name="replicas"/>.</summary>
    public static int MajorityOf(int replicas)
    {
#if MUTANTS
        if (Mutant.Is("majority-off-by-one"))
        {
            return Math.Max(1, replicas / 2);
        }
#endif
        return (replicas / 2) + 1;
    }

    /// <summary>Size of this set's majority.</summary>
    public int Majority => MajorityOf(Count);

    /// <summary>Notes that <paramref name="replica"/> holds everything up to <paramref name="through"/>; late news is ignored.</summary>
    /// <returns>False if the replica is not of this set: its word counts for nothing.</returns>
    public bool Report(ReplicaId replica, SequenceNumber through)
    {
        var index = Array.IndexOf(_replicas, replica);
        if (index < 0)
        {
            return false;
        }

        if (through > _durable[index])
        {
            _durable[index] = through;
        }

        return true;
    }

    /// <summary>The last position that a majority holds durably.</summary>
    public SequenceNumber Durable()
    {
        _durable.CopyTo(_sorted, 0);
        Array.Sort(_sorted);
#if MUTANTS
        if (Mutant.Is("ack-before-quorum"))
        {
            return _sorted[^1];
        }
#endif
        return _sorted[Count - Majority];
    }

    /// <summary>What one replica is known to hold.</summary>
    public SequenceNumber DurableAt(ReplicaId replica)
    {
        var index = Array.IndexOf(_replicas, replica);
        return index < 0 ? SequenceNumber.None : _durable[index];
    }
}
