namespace ControlPlane.Simulation;

/// <summary>A deliberately seeded bug.</summary>
/// <param name="Name">Its switch.</param>
/// <param name="What">What it does wrong.</param>
/// <param name="Workload">In which workload it can show itself; null: in any.</param>
public sealed record KnownMutant(string Name, string What, Workload? Workload = null);

/// <summary>All of them; each must be caught, and none is in any other build than that for mutants.</summary>
public static class KnownMutants
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<KnownMutant> All { get; } =
    [
        new("ack-before-quorum", "an entry counts as committed when one replica holds it"),
        new("ack-before-durable", "an acknowledgement leaves before the flush"),
        new("stale-epoch-ack", "an acknowledgement of another reign counts"),
        new("promise-not-persisted", "a seal is answered and not written"),
        new("seal-not-honoured", "a sealed replica goes on taking entries"),
        new("final-below-committed", "a new reign begins behind the shortest sealed tail"),
        new("two-writers-in-one-epoch", "a refused proposal counts as taken"),
        new("clip-skipped", "what lies behind the end of a reign is kept"),
        new("condition-before-sequencing", "an expected tail is compared with what is committed, not with what is appended", Workload.Journal),
        new("dedup-not-rebuilt", "a new writer does not know what was appended before its reign", Workload.Journal),
        new("majority-off-by-one", "half of the replicas are a majority"),
        new("stale-leader-read", "a writer believes itself confirmed always"),
        new("acceptor-not-persisted", "an acceptor's promise is answered and not written"),
        new("register-minority", "one acceptor is a majority"),
        new("wall-clock-expiry", "leases run by the wall clock, jumps and all", Workload.Leases),
        new("failover-expires", "a new leader does not give leases their time anew", Workload.Leases),
        new("token-reuse", "the token is the sandbox's, not the grant's", Workload.Leases),
        new("late-renewal", "an expired lease is renewed", Workload.Leases),
        new("renewal-does-not-count", "a renewal does not move the lease's end", Workload.Leases),
        new("release-by-old-token", "a release is not asked for its token", Workload.Leases),
        new("order-dependent-replay", "what a release does depends on whether timers are armed", Workload.Leases),
        new("snapshot-off-by-one", "a snapshot says that it stands one entry earlier", Workload.Leases),
        new("grant-before-commit", "an answer leaves before its entries are committed", Workload.Leases),
        new("new-manager-before-catch-up", "a new leader decides before it has applied everything"),
    ];
}
