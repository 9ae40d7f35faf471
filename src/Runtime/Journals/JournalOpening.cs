using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Opens a journal whose one replica is on this machine: finds or makes it, verifies it, and wins a new reign by the same protocol
/// that a replica set of three goes through. A restarted process never resumes a reign, so each start opens a new one.
/// </summary>
public static class JournalOpening
{
    /// <summary>The replica's directory inside a journal's.</summary>
    public const string ReplicaFolder = "replica";

    /// <summary>The register's slots inside a journal's directory, without their endings.</summary>
    public const string RegisterName = "register";

    /// <summary>Opens the journal in <paramref name="options"/>, or makes a new one where there is none.</summary>
    /// <param name="options">Where, and how.</param>
    /// <param name="replay">Is shown what the journal holds, in order, before the first append; null if nobody needs it.</param>
    /// <exception cref="JournalRefusedException">What is on disk is damaged, foreign, or incomplete: nothing was changed.</exception>
    /// <exception cref="StorageFaultException">The disk failed.</exception>
    public static JournalEngine Open(JournalEngineOptions options, IReplay? replay = null)
    {
        if (!options.Disk.DirectoryExists(options.Directory))
        {
            options.Disk.CreateDirectory(options.Directory);
            options.Disk.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(options.Directory))!);
        }

        var register = FileConfigRegister.Open(Path.Combine(options.Directory, RegisterName), options.Disk);
        ReplicaStore? store = null;
        try
        {
            var configuration = FindOrMake(options, register, out var version, out var identity);
            store = ReplicaStore.Open(
                ReplicaPath(options), identity, options.Disk, options.Segments, ClosedEpochs(configuration), DamagePolicy.Refuse, options.Progress);
            return JournalEngine.Lead(options, register, store, replay);
        }
        catch
        {
            store?.Dispose();
            register.Dispose();
            throw;
        }
    }

    private static string ReplicaPath(JournalEngineOptions options) => Path.Combine(options.Directory, ReplicaFolder);

    private static JournalConfiguration FindOrMake(
        JournalEngineOptions options, FileConfigRegister register, out ulong version, out ReplicaIdentity identity)
    {
        var path = ReplicaPath(options);
        if (register.Read() is { } value)
        {
            version = value.Version;
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
        version = 1;
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
                $"{path} holds a journal, but its register {Path.Combine(options.Directory, RegisterName)} is missing: restore both from the same copy");
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
}
