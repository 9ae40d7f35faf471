namespace ControlPlane.Journal.Disk.Faults;

/// <summary>A file of a <see cref="FaultInjectingDisk"/>.</summary>
internal sealed class FaultInjectingFile(FaultInjectingDisk disk, IDiskFile inner) : IDiskFile
{
    private const int SectorBytes = 512;

    public string Path => inner.Path;

    public long Length => inner.Length;

    public int Read(long offset, Span<byte> buffer)
    {
        var operation = new DiskOperation(DiskOperationKind.Read, Path, offset, buffer.Length);
        ThrowIfFailing(operation, disk.FaultFor(operation));
        return inner.Read(offset, buffer);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        var operation = new DiskOperation(DiskOperationKind.Write, Path, offset, bytes.Length);
        try
        {
            switch (disk.FaultFor(operation))
            {
                case null:
                    inner.Write(offset, bytes);
                    break;
                case DiskFault.Lost:
                    break;
                case DiskFault.TornWrite torn:
                    WriteSome(offset, bytes, torn);
                    break;
                case DiskFault.ShortWrite cut:
                    inner.Write(offset, bytes[..Math.Min(cut.Bytes, bytes.Length)]);
                    throw new StorageFaultException(operation, cut.Reason);
                case var other:
                    ThrowIfFailing(operation, other);
                    break;
            }
        }
        finally
        {
            disk.Record(operation);
        }
    }

    public void ZeroFill(long offset, long length) =>
        Run(new DiskOperation(DiskOperationKind.ZeroFill, Path, offset, length), () => inner.ZeroFill(offset, length));

    public void SyncData() => Run(new DiskOperation(DiskOperationKind.SyncData, Path), inner.SyncData);

    public void Dispose() => inner.Dispose();

    private void WriteSome(long offset, ReadOnlySpan<byte> bytes, DiskFault.TornWrite torn)
    {
        for (var at = 0; at < bytes.Length; at += SectorBytes)
        {
            if (torn.Arrives(at / SectorBytes))
            {
                inner.Write(offset + at, bytes[at..Math.Min(at + SectorBytes, bytes.Length)]);
            }
        }
    }

    private void Run(DiskOperation operation, Action action)
    {
        try
        {
            var fault = disk.FaultFor(operation);
            if (fault is DiskFault.Lost)
            {
                return;
            }

            ThrowIfFailing(operation, fault);
            action();
        }
        finally
        {
            disk.Record(operation);
        }
    }

    private static void ThrowIfFailing(DiskOperation operation, DiskFault? fault)
    {
        switch (fault)
        {
            case null:
                return;
            case DiskFault.Fail fail:
                throw new StorageFaultException(operation, fail.Reason);
            default:
                throw new NotSupportedException($"{fault} has no meaning for {operation.Kind}.");
        }
    }
}
