using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Register;

namespace ControlPlane.Runtime.Registers;

/// <summary>
/// The <c>file</c> register: for a journal whose replicas are all on one machine. Calls complete before they return; they wait for the disk
/// on the caller's thread. The first storage fault is final: it is thrown again until the register is opened anew.
/// </summary>
public sealed class FileRegister(FileConfigRegister register) : IConfigRegister
{
    private readonly Lock _gate = new();
    private StorageFaultException? _fault;

    /// <summary>Opens <paramref name="path"/><c>.a</c> and <c>.b</c> and holds their lock until disposed.</summary>
    /// <exception cref="Journal.Recovery.JournalRefusedException">Held by another process, or damaged.</exception>
    public static FileRegister Open(string path, IDisk disk) => new(FileConfigRegister.Open(path, disk));

    /// <inheritdoc/>
    public ValueTask<RegisterValue?> ReadAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ThrowIfFaulted();
            return ValueTask.FromResult(register.Read());
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> TryCompareAndSetAsync(ulong expectedVersion, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, IConfigRegister.ValueBytesMax, nameof(value));
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ThrowIfFaulted();
            try
            {
                return ValueTask.FromResult(register.TryCompareAndSet(expectedVersion, value.Span));
            }
            catch (StorageFaultException fault)
            {
                _fault = fault;
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            register.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private void ThrowIfFaulted()
    {
        if (_fault is { } fault)
        {
            throw new StorageFaultException(fault.Operation, fault.Reason, fault);
        }
    }
}
