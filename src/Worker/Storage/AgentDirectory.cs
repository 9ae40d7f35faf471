using System.Buffers.Binary;
using System.Text;
using ControlPlane.Primitives;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker.Storage;

/// <summary>A worker's data directory, held by one agent at a time. The README lists its files.</summary>
internal sealed class AgentDirectory : IDisposable
{
    private const string BootIdPath = "/proc/sys/kernel/random/boot_id";

    private readonly FileStream _lock;
    private readonly string _path;
    private readonly ILogger _logger;

    /// <exception cref="DirectoryInUseException">Another agent holds it.</exception>
    public AgentDirectory(string path, ILogger logger)
    {
        _path = Path.GetFullPath(path);
        _logger = logger;
        Directory.CreateDirectory(SandboxesRoot);
        Directory.CreateDirectory(LogsRoot);
        try
        {
            _lock = new FileStream(PathOf("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new DirectoryInUseException(_path, e);
        }
    }

    /// <summary>One directory for each sandbox.</summary>
    public string SandboxesRoot => PathOf("sandboxes");

    /// <summary>One log for each sandbox, with its older part.</summary>
    public string LogsRoot => PathOf("logs");

    /// <summary>The partition's highest reign that was ever served.</summary>
    public Epoch HighestEpochOf(PartitionId partition) => StateFile.TryLoad(EpochPathOf(partition), out var bytes, out _)
        ? new Epoch(BinaryPrimitives.ReadUInt64LittleEndian(bytes))
        : default;

    /// <summary>Must return before a leader of this epoch is obeyed. One session of a partition at a time may call.</summary>
    public void RaiseEpoch(PartitionId partition, Epoch epoch)
    {
        if (epoch > HighestEpochOf(partition))
        {
            var bytes = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, epoch.Value);
            StateFile.Save(EpochPathOf(partition), bytes);
        }
    }

    /// <summary>
    /// Ends every process that an earlier agent left, then returns its sandboxes: those that can be revived. None after
    /// another boot of the machine, when the gates' last writes may be lost.
    /// </summary>
    public async Task<IReadOnlyList<SavedSandbox>> RecoverAsync(TimeSpan killGrace, TimeProvider time)
    {
        var sameBoot = IsSameBoot();
        var paths = Directory.GetDirectories(SandboxesRoot);
        var saved = new List<SavedSandbox>();
        if (!sameBoot)
        {
            WorkerLog.OtherBoot(_logger, paths.Length);
            Array.ForEach(paths, path => Directory.Delete(path, recursive: true));
            return saved;
        }

        var runs = new List<ProcessRecord>();
        foreach (var path in paths)
        {
            if (SandboxDirectory.TryLoadProcess(path, out var run))
            {
                runs.Add(run);
            }
        }

        var killed = await LeftoverProcesses.EndAsync(runs, killGrace, time);
        foreach (var path in paths)
        {
            if (SandboxDirectory.Load(path, out var cause) is { } sandbox)
            {
                saved.Add(sandbox);
            }
            else
            {
                WorkerLog.StateDropped(_logger, path, cause!);
                Directory.Delete(path, recursive: true);
            }
        }

        WorkerLog.Revived(_logger, saved.Count, killed);
        return saved;
    }

    public void Dispose() => _lock.Dispose();

    private bool IsSameBoot()
    {
        var boot = Encoding.ASCII.GetBytes(File.ReadAllText(BootIdPath).Trim());
        var same = StateFile.TryLoad(PathOf("boot"), out var stored, out _) && stored.AsSpan().SequenceEqual(boot);
        if (!same)
        {
            StateFile.Save(PathOf("boot"), boot);
        }

        return same;
    }

    private string EpochPathOf(PartitionId partition) => PathOf($"epoch-{partition}");

    private string PathOf(string file) => Path.Combine(_path, file);
}
