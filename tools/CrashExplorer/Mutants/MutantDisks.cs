using ControlPlane.Journal.Disk;

namespace ControlPlane.CrashExplorer.Mutants;

/// <summary>Storage that goes on after a write has met an I/O error.</summary>
internal sealed class WriteErrorIgnored(IDisk inner) : PassingDisk(inner)
{
    protected override void Write(IDiskFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            base.Write(file, offset, bytes);
        }
        catch (StorageFaultException fault) when (InputOutputError.Is(fault))
        {
            // That is the bug.
        }
    }
}

/// <summary>Storage that goes on, and acknowledges, after a sync has met an I/O error.</summary>
internal sealed class SyncErrorIgnored(IDisk inner) : PassingDisk(inner)
{
    protected override void SyncData(IDiskFile file)
    {
        try
        {
            base.SyncData(file);
        }
        catch (StorageFaultException fault) when (InputOutputError.Is(fault))
        {
            // That is the bug.
        }
    }
}

/// <summary>Storage that gives a file its name before the bytes inside are durable.</summary>
internal sealed class NameBeforeData(IDisk inner) : PassingDisk(inner)
{
    protected override void SyncData(IDiskFile file)
    {
        if (!file.Path.Contains(".unfinished", StringComparison.Ordinal))
        {
            base.SyncData(file);
        }
    }
}

/// <summary>The fault that these bugs are about, and no other: a kill looks like a fault too.</summary>
internal static class InputOutputError
{
    public static bool Is(StorageFaultException fault) => fault.Reason.Contains("errno 5", StringComparison.Ordinal);
}
