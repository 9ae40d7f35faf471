using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Replica;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;
using ControlPlane.Replication.Registers;
using ControlPlane.Replication.Replicas;
using ControlPlane.Runtime.Journals;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>
/// A journal's directory, opened for looking: it is never locked and never written. What can change under a live writer is
/// read in an order that cannot contradict itself: the register and the watermark first, the entries behind them later.
/// </summary>
internal sealed class JournalDirectory
{
    private JournalDirectory(string root, IDisk disk, ReplicaInspection replica, RegisterReading register, bool hasRegister)
    {
        Root = root;
        Disk = disk;
        Replica = replica;
        Register = register;
        HasRegister = hasRegister;
        Findings = [.. register.Findings, .. ReadSlots()];
    }

    public string Root { get; }

    public IDisk Disk { get; }

    public ReplicaInspection Replica { get; }

    public RegisterReading Register { get; }

    /// <summary>False when only a replica's directory was given, or the register is kept by several replicas together.</summary>
    public bool HasRegister { get; }

    public ReplicaPromise? Promise { get; private set; }

    public Watermark? Watermark { get; private set; }

    /// <summary>What is wrong with the small files.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Opens a journal's directory, or a replica's.</summary>
    /// <exception cref="InspectionException">There is neither.</exception>
    /// <exception cref="JournalRefusedException">There is one whose identity cannot be read, or that was a journal and has lost its replica.</exception>
    public static JournalDirectory Open(string path, IDisk disk)
    {
        var root = Path.GetFullPath(path);
        if (!disk.DirectoryExists(root))
        {
            throw new InspectionException($"{path} does not exist");
        }

        if (disk.FileExists(new ReplicaPaths(root).Identity))
        {
            return new JournalDirectory(root, disk, ReplicaInspection.Open(root, disk), RegisterReading.None, hasRegister: false);
        }

        var replicaPath = Path.Combine(root, JournalOpening.ReplicaFolder);
        var hasRegister = disk.FileExists(Path.Combine(root, JournalOpening.RegisterName + ".a"))
            || disk.FileExists(Path.Combine(root, JournalOpening.RegisterName + ".b"));
        if (!hasRegister && !disk.DirectoryExists(replicaPath))
        {
            throw new InspectionException(disk.List(root).Count == 0
                ? $"{path} is empty: there is no journal"
                : $"{path} is not a journal: it has neither {JournalOpening.RegisterName}.a and {JournalOpening.ReplicaFolder}/, nor a replica's identity");
        }

        if (!hasRegister && IsAmongSeveral(replicaPath, disk))
        {
            return new JournalDirectory(root, disk, ReplicaInspection.Open(replicaPath, disk), RegisterReading.None, hasRegister: false);
        }

        var register = RegisterReading.Read(root, JournalOpening.RegisterName, disk);
        return new JournalDirectory(root, disk, OpenReplica(replicaPath, disk, register), register, hasRegister: true);
    }

    /// <summary>As <see cref="Open"/>, also where the identity is lost, if the entries tell what it said.</summary>
    /// <exception cref="JournalRefusedException">They do not.</exception>
    public static JournalDirectory OpenWithoutIdentity(string path, IDisk disk)
    {
        try
        {
            return Open(path, disk);
        }
        catch (Exception lost) when (lost is InspectionException or JournalRefusedException)
        {
            var root = Path.GetFullPath(path);
            var inside = Path.Combine(root, JournalOpening.ReplicaFolder);
            var replicaPath = disk.DirectoryExists(inside) ? inside : root;
            if (LostIdentity.Reconstruct(replicaPath, disk) is not { } replica)
            {
                throw;
            }

            var hasRegister = disk.FileExists(Path.Combine(root, JournalOpening.RegisterName + ".a"));
            var register = hasRegister ? RegisterReading.Read(root, JournalOpening.RegisterName, disk) : RegisterReading.None;
            return new JournalDirectory(root, disk, replica, register with { Findings = [.. register.Findings, Lost(root, replica)] }, hasRegister);
        }
    }

    /// <summary>A path below <see cref="Root"/> without it.</summary>
    public string Relative(string path) => Path.GetRelativePath(Root, path);

    /// <summary>A message of storage, with paths below <see cref="Root"/> shortened.</summary>
    public string Shorten(string message) => message.Replace(Root + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    /// <summary>A replica whose acceptor has voted, or has lost what it voted, keeps the register with others: no file of it is to be here.</summary>
    private static bool IsAmongSeveral(string replicaPath, IDisk disk)
    {
        try
        {
            var replica = ReplicaInspection.Open(replicaPath, disk);
            return AcceptorStore.Peek(replica.Paths.Acceptor, disk, replica.Identity.SlotOwner) is { } acceptor && acceptor != AcceptorState.Fresh;
        }
        catch (JournalRefusedException)
        {
            return true;
        }
    }

    /// <summary>A register that tells of reigns says that there was a journal: then a missing replica is a loss, not an empty directory.</summary>
    private static ReplicaInspection OpenReplica(string path, IDisk disk, RegisterReading register)
    {
        try
        {
            return ReplicaInspection.Open(path, disk);
        }
        catch (JournalRefusedException refused) when (register.Configuration is { Epochs.Count: > 0 }
            && refused.Reason is RefusalReason.NoReplica or RefusalReason.ForeignDirectory)
        {
            throw new JournalRefusedException(
                RefusalReason.AcknowledgedMissing, $"the register tells of a journal, but its replica is not there: {path} has no identity");
        }
    }

    private static Finding Lost(string root, ReplicaInspection replica) => new()
    {
        Severity = Severity.Loss,
        Kind = "LostIdentity",
        File = Path.GetRelativePath(root, replica.Paths.Identity),
        Offset = 0,
        Message = $"damaged or missing; by its entries the directory is of journal {replica.Identity.Journal}",
    };

    private List<Finding> ReadSlots()
    {
        Watermark = Replica.ReadWatermark();
        var findings = new List<Finding>();
        try
        {
            Promise = Replica.ReadPromise();
        }
        catch (JournalRefusedException refused) when (refused.Reason == RefusalReason.DamagedSlots)
        {
            findings.Add(Slot(Replica.Paths.Promise + ".a", Severity.Loss, "neither slot is whole: a start refuses"));
        }

        var acceptorIsLost = Replica.HasLostAcceptor();
        if (acceptorIsLost)
        {
            findings.Add(Slot(Replica.Paths.Acceptor + ".a", Severity.Loss, "neither slot is whole: the acceptor must not vote in the quorum register any more"));
        }

        if (Promise is { IsWhole: false })
        {
            findings.Add(NotWhole());
        }

        if (Register.Configuration is { } configuration && configuration.Journal != Replica.Identity.Journal)
        {
            findings.Add(Foreign(configuration.Journal));
        }

        findings.AddRange(Replica.DamagedSlots()
            .Where(file => Promise is not null || !file.StartsWith(Replica.Paths.Promise, StringComparison.Ordinal))
            .Where(file => !acceptorIsLost || !file.StartsWith(Replica.Paths.Acceptor, StringComparison.Ordinal))
            .Select(file => Slot(file, Severity.Harmless, file.StartsWith(Replica.Paths.Watermark, StringComparison.Ordinal)
                ? "not whole, as after a power cut; the other slot, or what the entries prove, will do"
                : "not whole; the other slot holds the value")));
        return findings;
    }

    private Finding Foreign(JournalId register) => new()
    {
        Severity = Severity.Loss,
        Kind = "WrongIdentity",
        File = Relative(Replica.Paths.Identity),
        Offset = 24,
        Message = $"the register is of journal {register}, the replica of {Replica.Identity.Journal}: they do not belong together",
    };

    private Finding NotWhole() => new()
    {
        Severity = Severity.Harmless,
        Kind = "NotWhole",
        File = Relative(Replica.Paths.Promise + ".a"),
        Message = "the replica was rolled back and may have acknowledged more than it holds: it answers no seal until the others have made it whole",
    };

    private Finding Slot(string file, Severity severity, string what) => new()
    {
        Severity = severity,
        Kind = "DamagedSlot",
        File = Relative(file),
        Offset = 0,
        Message = what,
    };
}
