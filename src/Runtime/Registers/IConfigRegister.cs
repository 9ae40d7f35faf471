using ControlPlane.Journal.Register;
using ControlPlane.Replication.Configuration;

namespace ControlPlane.Runtime.Registers;

/// <summary>
/// One small value that is replaced by compare-and-set: what decides who writes a journal. Guarantee: linearizable, and what was reported
/// as replaced survives any crash that the implementation is made for (the README says which). Safe for concurrent use.
/// </summary>
/// <remarks>
/// Versions begin at 1 and rise by one with each success; an expected version of 0 means "never written". A call that is cancelled may
/// or may not have replaced the value: read again. All implementations pass one conformance suite.
/// </remarks>
public interface IConfigRegister : IAsyncDisposable
{
    /// <summary>Largest value, in bytes.</summary>
    const int ValueBytesMax = JournalConfigurationCodec.EncodedBytesMax;

    /// <summary>The value, linearizable: at least as new as any that was reported before the call. Null if never written.</summary>
    /// <exception cref="RegisterUnavailableException">It cannot be told.</exception>
    ValueTask<RegisterValue?> ReadAsync(CancellationToken cancellation);

    /// <summary>
    /// True: this call replaced the value, whose version is now <paramref name="expectedVersion"/> + 1. False: it did not and never will,
    /// another version is there.
    /// </summary>
    /// <param name="expectedVersion">Version to replace; 0: never written.</param>
    /// <param name="value">The new value; must not change until the call is over.</param>
    /// <param name="cancellation">Gives up waiting; the outcome is then unknown.</param>
    /// <exception cref="RegisterUnavailableException">It cannot be told whether it replaced the value (no majority, a broken connection): read again.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The value is larger than <see cref="ValueBytesMax"/>; nothing happened.</exception>
    ValueTask<bool> TryCompareAndSetAsync(ulong expectedVersion, ReadOnlyMemory<byte> value, CancellationToken cancellation);
}
