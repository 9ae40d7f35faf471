using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Simulation.Disks;

namespace ControlPlane.Simulation.Nodes;

/// <summary>Fetches another replica's newest snapshot, part by part, as <c>Runtime/Journals/SnapshotFetching</c> does: whole and verified, or not at all.</summary>
internal sealed class SnapshotFetch(NodeProcess process)
{
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(10);

    private ReplicaId? _source;
    private SequenceNumber _position;
    private byte[] _bytes = [];
    private int _received;
    private TimeSpan _asked;
    private TimeSpan _progressed;

    public void Begin(ReplicaId source, TimeSpan now)
    {
        if (_source != source)
        {
            (_source, _position, _bytes, _received, _progressed) = (source, SequenceNumber.None, [], 0, now);
            process.World.Coverage.Hit("a snapshot was wanted");
            Ask(now);
        }
    }

    public void Receive(ReplicaId from, SnapshotPart part)
    {
        if (from != _source)
        {
            return;
        }

        if (part.Position == SequenceNumber.None)
        {
            _source = null;
            return;
        }

        if (part.Position > _position && part.Offset == 0)
        {
            (_position, _bytes, _received) = (part.Position, new byte[part.FileBytes], 0);
        }

        if (part.Position != _position || part.Offset != (ulong)_received || part.Bytes.Length == 0)
        {
            return;
        }

        part.Bytes.Span.CopyTo(_bytes.AsSpan(_received));
        _received += part.Bytes.Length;
        _progressed = process.Now;
        if (_received < _bytes.Length)
        {
            Ask(_progressed);
            return;
        }

        _source = null;
        process.Host.Faults.Before("a received snapshot", grows: true);
        if (SnapshotFile.Verify(_bytes) is { } snapshot)
        {
            process.Host.Disk.Publish(snapshot);
            process.Install(snapshot);
        }
    }

    public void Tick(TimeSpan now)
    {
        if (_source is not null && now - _progressed >= GiveUpAfter)
        {
            _source = null;
        }
        else if (_source is not null && now - _asked >= RepeatAfter)
        {
            Ask(now);
        }
    }

    private void Ask(TimeSpan now)
    {
        _asked = now;
        process.Tell(_source!.Value, new FetchSnapshot(_position, (ulong)_received));
    }
}
