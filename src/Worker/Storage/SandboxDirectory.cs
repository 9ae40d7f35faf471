using System.Buffers.Binary;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using SandboxId = ControlPlane.Primitives.SandboxId;

namespace ControlPlane.Worker.Storage;

/// <summary>What of one sandbox survives the agent: its function, the gate's highest position, the run of its program.</summary>
internal sealed class SandboxDirectory
{
    private const string FunctionFile = "function";
    private const string GateFile = "gate";
    private const string ProcessFile = "process";
    private const string UnfinishedSuffix = ".new";

    private readonly string _path;

    private SandboxDirectory(string path) => _path = path;

    /// <summary>Stores a new sandbox; it is there completely or not at all.</summary>
    public static SandboxDirectory Create(string root, SandboxId id, FunctionSpec function)
    {
        var path = Path.Combine(root, id.ToString());
        var unfinished = new SandboxDirectory(path + UnfinishedSuffix);
        Directory.CreateDirectory(unfinished._path);
        StateFile.Save(unfinished.PathOf(FunctionFile), function.ToByteArray());
        unfinished.SaveHighest(SequenceNumber.None);
        Directory.Move(unfinished._path, path);
        return new SandboxDirectory(path);
    }

    /// <summary>Reads one back; null with the cause if it is unfinished or damaged.</summary>
    public static SavedSandbox? Load(string path, out string? cause)
    {
        var directory = new SandboxDirectory(path);
        if (!SandboxId.TryParse(Path.GetFileName(path), out var id))
        {
            cause = "its name is not that of a sandbox";
            return null;
        }

        if (!StateFile.TryLoad(directory.PathOf(FunctionFile), out var function, out cause)
            || !StateFile.TryLoad(directory.PathOf(GateFile), out var gate, out cause))
        {
            return null;
        }

        var highest = new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(gate));
        return new SavedSandbox(id, FunctionSpec.Parser.ParseFrom(function), highest, directory);
    }

    /// <summary>The run that was going on; false if none was ever started or the record is damaged.</summary>
    public static bool TryLoadProcess(string path, out ProcessRecord record)
    {
        record = default;
        return StateFile.TryLoad(Path.Combine(path, ProcessFile), out var bytes, out _) && ProcessRecord.TryRead(bytes, out record);
    }

    /// <summary>Must return before anything that the new position admits begins.</summary>
    public void SaveHighest(SequenceNumber highest)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, highest.Value);
        StateFile.Save(PathOf(GateFile), bytes);
    }

    public void SaveProcess(ProcessRecord record) => StateFile.Save(PathOf(ProcessFile), record.ToBytes());

    public void Delete() => Directory.Delete(_path, recursive: true);

    private string PathOf(string file) => Path.Combine(_path, file);
}
