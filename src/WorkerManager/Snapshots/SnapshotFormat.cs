namespace ControlPlane.WorkerManager;

/// <summary>
/// A snapshot: a head of fixed size, then the records of the state, each as length, kind and canonical bytes (what is
/// hashed), then a record of kind 0. Little-endian throughout.
/// </summary>
/// <remarks>
/// Head: magic (4) · version (4) · partition (4) · entry format (4) · applied position (8) · journal time (8) · position of the
/// last journaled hash (8) · state hash (16) · XxHash3 of the head so far (8). Records come in the order in which they refer to one another: partition,
/// tenants, function names, versions, workers, sandboxes, clients, then each lease after its request. Everything else is
/// derived, and derived in an order that the records fix.
/// </remarks>
internal static class SnapshotFormat
{
    public const uint Magic = 0x534D5743;
    public const uint Version = 1;
    public const int HeadBytes = 64;
    public const int CheckedHeadBytes = 56;

    /// <summary>Length and kind before each record.</summary>
    public const int FrameBytes = 5;

    /// <summary>Larger than any entry could make a record.</summary>
    public const int RecordBytesMax = 1024 * 1024;

    public const byte End = 0;
}
