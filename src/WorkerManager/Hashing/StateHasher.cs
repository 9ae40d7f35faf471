using System.IO.Hashing;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Keeps the state's hash as records come, change and go. Whoever changes a record calls <see cref="Remove"/> before and
/// <see cref="Add"/> after; a sum does not care for the order, so equal states are equal by any path.
/// </summary>
internal sealed class StateHasher
{
    private readonly CanonicalWriter writer = new();
    private UInt128 sum;

    public StateHash Hash => new(sum);

    public void Add(IStateRecord record) => sum = unchecked(sum + HashOf(record));

    public void Remove(IStateRecord record) => sum = unchecked(sum - HashOf(record));

    private UInt128 HashOf(IStateRecord record)
    {
        writer.Clear();
        writer.Byte((byte)record.Kind);
        record.Write(writer);
        return XxHash128.HashToUInt128(writer.Written);
    }
}
