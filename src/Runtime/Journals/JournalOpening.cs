using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Nodes;
using ControlPlane.Runtime.Cluster;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Opens a journal's replica on this machine: finds or makes it, and verifies it. Whether it is the only one or one among several, it then comes to
/// reign or follows by the same protocol. A restarted process never resumes a reign.
/// </summary>
public static class JournalOpening
{
    /// <summary>The replica's directory inside a journal's.</summary>
    public const string ReplicaFolder = "replica";

    /// <summary>The register's slots inside a journal's directory, without their endings.</summary>
    public const string RegisterName = "register";

    /// <summary>
    /// Opens the journal in <paramref name="options"/> or makes a new one where there is none, as its only replica, for a program that appends from
    /// one thread by itself. On return it leads.
    /// </summary>
    /// <param name="options">Where, and how; without a group.</param>
    /// <param name="replay">Is shown what the journal holds, in order, before the first append; null if nobody needs it.</param>
    /// <exception cref="JournalRefusedException">What is on disk is damaged, foreign, or incomplete: nothing was changed.</exception>
    /// <exception cref="StorageFaultException">The disk failed.</exception>
    public static JournalEngine Open(JournalEngineOptions options, IReplay? replay = null)
    {
        Invariant.Check(options.Group is null, "a replica among several is driven by a loop");
        return Begin(options, new ReplayOnly(replay), _ => throw new InvariantViolationException("the file register answers at once"));
    }

    /// <summary>Opens, and begins (see <see cref="JournalEngine.Begin"/>).</summary>
    internal static JournalEngine Begin(JournalEngineOptions options, IJournalUser user, Func<EngineInput, bool> post)
    {
        var engine = OpenReplica(options);
        try
        {
            engine.Begin(user, post);
            return engine;
        }
        catch
        {
            CloseUnused(engine);
            throw;
        }
    }

    /// <summary>Opens without beginning.</summary>
    internal static JournalEngine OpenReplica(JournalEngineOptions options)
    {
        if (!options.Disk.DirectoryExists(options.Directory))
        {
            options.Disk.CreateDirectory(options.Directory);
            options.Disk.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Directory))!);
        }

        return options.Group is { } group ? OpenAmongSeveral(options, group) : OpenAlone(options);
    }

    /// <summary>Closes an engine that never began, or could not: nothing of it waits for anything.</summary>
    internal static void CloseUnused(JournalEngine engine) =>
#pragma warning disable VSTHRD002 // Nothing that it closes waits for this thread.
        engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private static JournalEngine OpenAlone(JournalEngineOptions options)
    {
        var register = FileConfigRegister.Open(Path.Combine(options.Directory, RegisterName), options.Disk);
        try
        {
            var configuration = FindOrMake(options, register, out var identity);
            var store = ReplicaStore.Open(
                ReplicaPath(options), identity, options.Disk, options.Segments, ClosedEpochs(configuration), DamagePolicy.Refuse, options.Progress);
            return new JournalEngine(options, store, new FileRegister(register), replica: null);
        }
        catch
        {
            register.Dispose();
            throw;
        }
    }

    // The register is not asked: a replica among several may be opened before any other can be reached, and what it lacks the others have.
    private static JournalEngine OpenAmongSeveral(JournalEngineOptions options, ReplicaGroup group)
    {
        var path = ReplicaPath(options);
        var paths = new ReplicaPaths(path);
        if (!options.Disk.FileExists(paths.Identity))
        {
            ReplicaStore.Create(path, new ReplicaIdentity(options.Cluster, group.Journal, new ReplicaId(options.NewId())), options.Disk, options.Segments);
        }

        var identity = ReplicaInspection.Open(path, options.Disk).Identity;
        if (identity.Journal != group.Journal || identity.Cluster != options.Cluster)
        {
            throw new JournalRefusedException(
                RefusalReason.WrongIdentity, $"{path} is of {identity}, but this node keeps journal {group.Journal} of cluster {options.Cluster}: check the cluster's name and the data directory");
        }

        var store = ReplicaStore.Open(path, identity, options.Disk, options.Segments, [], DamagePolicy.RollBack, options.Progress);
        try
        {
            var serving = new SnapshotServing(store.Snapshots, _ => { });
            var replica = new HostedReplica(group.Router, identity, OpenAcceptor(store, out var lost), serving) { LostVote = lost };
            replica.Proposer = group.Register is null ? new QuorumConfigRegister(replica, group.Quorum, options.Time) : null;
            return new JournalEngine(options, store, group.Register ?? replica.Proposer!, replica);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    // The journal is served without its vote: the others' are enough, or nothing is decided until it is replaced.
    private static AcceptorHost? OpenAcceptor(ReplicaStore store, out string? lost)
    {
        lost = null;
        try
        {
            return new AcceptorHost(store.Identity.Replica, store.OpenAcceptor());
        }
        catch (JournalRefusedException refused) when (refused.Reason == RefusalReason.DamagedSlots)
        {
            lost = $"this replica votes in the register no more: {refused.Finding}";
            return null;
        }
    }

    private static string ReplicaPath(JournalEngineOptions options) => Path.Combine(options.Directory, ReplicaFolder);

    private static JournalConfiguration FindOrMake(JournalEngineOptions options, FileConfigRegister register, out ReplicaIdentity identity)
    {
        var path = ReplicaPath(options);
        if (register.Read() is { } value)
        {
            identity = ReplicaInspection.Open(path, options.Disk).Identity;
            var found = JournalConfigurationCodec.Decode(value.Bytes.Span);
            return found.Journal == identity.Journal
                ? found
                : throw new JournalRefusedException(
                    RefusalReason.WrongIdentity, $"the register is of journal {found.Journal}, but {path} is of {identity}");
        }

        identity = FindOrMakeReplica(options, path);
        var made = JournalConfiguration.Create(identity.Journal);
        var won = register.TryCompareAndSet(0, JournalConfigurationCodec.Encode(made));
        Invariant.Check(won, "nobody else writes the register of a journal on one machine");
        return made;
    }

    /// <summary>Without a register there must be no journal: either nothing at all, or what an interrupted first start left.</summary>
    private static ReplicaIdentity FindOrMakeReplica(JournalEngineOptions options, string path)
    {
        if (!options.Disk.FileExists(new ReplicaPaths(path).Identity))
        {
            var identity = new ReplicaIdentity(options.Cluster, new JournalId(options.NewId()), new ReplicaId(options.NewId()));
            ReplicaStore.Create(path, identity, options.Disk, options.Segments);
            return identity;
        }

        var inspection = ReplicaInspection.Open(path, options.Disk);
        return inspection.ListSegments().Count == 0
            ? inspection.Identity
            : throw new JournalRefusedException(
                RefusalReason.ForeignDirectory,
                $"{path} holds a journal, but its register {Path.Combine(options.Directory, RegisterName)} is missing: restore both from the same copy, or configure the cluster that it was part of");
    }

    private static List<ClosedEpoch> ClosedEpochs(JournalConfiguration configuration)
    {
        var closed = new List<ClosedEpoch>();
        foreach (var epoch in configuration.Epochs)
        {
            if (epoch is { End: { } end, EndHash: { } hash })
            {
                closed.Add(new ClosedEpoch(epoch.Epoch, end.Next, hash));
            }
        }

        return closed;
    }

    private sealed class ReplayOnly(IReplay? replay) : IJournalUser
    {
        public void Restore(SnapshotReader snapshot) => replay?.Restore(snapshot);

        public void Apply(in EntryHeader header, ReadOnlySpan<byte> payload) => replay?.Apply(header, payload);

        public void Reset()
        {
        }

        public void Lead()
        {
        }

        public void Deposed(DeposedReason reason) => Invariant.Unreachable("nobody deposes the only replica of a journal");
    }
}
