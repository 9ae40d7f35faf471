using ControlPlane.Primitives;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.Replication.Registers;

/// <summary>Arithmetic of acceptor sets. Order never matters; sets are kept sorted so that equal ones look equal.</summary>
public static class AcceptorSet
{
    /// <summary>Largest set.</summary>
    public const int AcceptorsMax = Quorum.ReplicasMax;

    /// <summary>The set in order.</summary>
    /// <exception cref="ArgumentException">Empty, too large, the same acceptor twice, or the identifier that is never given out.</exception>
    public static IReadOnlyList<ReplicaId> Of(IReadOnlyList<ReplicaId> acceptors)
    {
        if (acceptors.Count is 0 or > AcceptorsMax || acceptors.Distinct().Count() != acceptors.Count || acceptors.Any(a => a.IsNone))
        {
            throw new ArgumentException($"A register has 1 to {AcceptorsMax} different acceptors.", nameof(acceptors));
        }

        return [.. acceptors.Order()];
    }

    /// <summary>True if both name the same acceptors.</summary>
    public static bool AreSame(IReadOnlyList<ReplicaId> left, IReadOnlyList<ReplicaId> right) =>
        left.Count == right.Count && left.All(right.Contains);

    /// <summary>True if one has exactly one acceptor more than the other and is otherwise the same: any majority of one meets any of the other.</summary>
    public static bool AreOneStepApart(IReadOnlyList<ReplicaId> left, IReadOnlyList<ReplicaId> right) =>
        left.Count != right.Count && left.Except(right).Count() + right.Except(left).Count() == 1;

    /// <summary>True if <paramref name="voters"/> holds a majority of <paramref name="acceptors"/>.</summary>
    public static bool IsMajority(IReadOnlyList<ReplicaId> acceptors, IReadOnlySet<ReplicaId> voters)
    {
#if MUTANTS
        if (Mutant.Is("register-minority"))
        {
            return acceptors.Any(voters.Contains);
        }
#endif
        return acceptors.Count(voters.Contains) >= Quorum.MajorityOf(acceptors.Count);
    }

    /// <summary>
    /// The next set on the way to <paramref name="wanted"/>: whoever is missing comes first, one at a time, then whoever is not wanted
    /// goes. Null if it has arrived.
    /// </summary>
    public static IReadOnlyList<ReplicaId>? StepTowards(IReadOnlyList<ReplicaId> current, IReadOnlyList<ReplicaId> wanted)
    {
        var missing = wanted.Except(current).Order().ToArray();
        var unwanted = current.Except(wanted).Order().ToArray();
        return missing switch
        {
            // A full set makes room first.
            [var next, ..] when current.Count < AcceptorsMax => Of([.. current, next]),
            _ when unwanted is [var gone, ..] => Of([.. current.Where(a => a != gone)]),
            _ => null,
        };
    }
}
