using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>What the config register says, as far as it can be read.</summary>
/// <param name="Version">Of the register's value; zero if there is none.</param>
/// <param name="Configuration">Null if there is none, or none that can be read.</param>
/// <param name="Findings">What is wrong with it.</param>
internal sealed record RegisterReading(ulong Version, JournalConfiguration? Configuration, IReadOnlyList<Finding> Findings)
{
    public static RegisterReading None { get; } = new(0, null, []);

    public IReadOnlyList<ClosedEpoch> ClosedEpochs =>
    [
        .. (Configuration?.Epochs ?? [])
            .Where(epoch => epoch is { End: not null, EndHash: not null })
            .Select(epoch => new ClosedEpoch(epoch.Epoch, epoch.End!.Value.Next, epoch.EndHash!.Value)),
    ];

    /// <summary>First position that must still be readable.</summary>
    public SequenceNumber Head => Configuration?.Head ?? SequenceNumber.First;

    /// <summary>Reads the register beside the replica; files are named relative to <paramref name="root"/>.</summary>
    public static RegisterReading Read(string root, string name, IDisk disk)
    {
        var path = Path.Combine(root, name);
        var findings = new List<Finding>();
        try
        {
            findings.AddRange(FileConfigRegister.DamagedSlots(path, disk).Select(file => Damaged(Path.GetRelativePath(root, file), Severity.Harmless, "not whole; the other slot holds the value")));
            return FileConfigRegister.Peek(path, disk) is { } value
                ? new RegisterReading(value.Version, JournalConfigurationCodec.Decode(value.Bytes.Span), findings)
                : new RegisterReading(0, null, [Damaged(name + ".a", Severity.Loss, "the register is missing: a start refuses a journal without it", "MissingRegister")]);
        }
        catch (JournalRefusedException)
        {
            return new RegisterReading(0, null, [Damaged(name + ".a", Severity.Loss, "neither slot is whole: a start refuses")]);
        }
        catch (FormatException unknown)
        {
            return new RegisterReading(0, null, [.. findings, Damaged(name + ".a", Severity.Loss, unknown.Message)]);
        }
    }

    private static Finding Damaged(string file, Severity severity, string why, string kind = "DamagedSlot") => new()
    {
        Severity = severity,
        Kind = kind,
        File = file,
        Offset = 0,
        Message = why,
    };
}
