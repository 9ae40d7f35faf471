using System.Globalization;

namespace ControlPlane.Journal.Disk;

/// <summary>
/// The disk failed. On the write path this ends the process: after a failed sync the kernel may have dropped the dirty
/// pages and report success on the next one, so the operation is never retried in place.
/// </summary>
public sealed class StorageFaultException : IOException
{
    /// <summary>A fault of <paramref name="operation"/>.</summary>
    public StorageFaultException(DiskOperation operation, string reason, Exception? inner = null)
        : base(Describe(operation, reason), inner)
    {
        Operation = operation;
        Reason = reason;
    }

    /// <summary>What failed, with file and byte position.</summary>
    public DiskOperation Operation { get; }

    /// <summary>What the operating system said.</summary>
    public string Reason { get; }

    private static string Describe(DiskOperation operation, string reason) => string.Create(
        CultureInfo.InvariantCulture,
        $"{operation.Kind} failed: {operation.Path} at byte {operation.Offset}, {operation.Length} bytes: {reason}");
}
