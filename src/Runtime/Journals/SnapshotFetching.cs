using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Fetches the newest snapshot of another replica (<see cref="SnapshotServing"/> answers there), one part after the other. Guarantee: it ends
/// with a snapshot that is verified and durable here, or with nothing; messages may be lost, repeated and delayed meanwhile. Driven by
/// <see cref="Receive"/> and <see cref="Tick"/>, on one monotonic clock, one caller at a time. A failing disk is thrown, and is final.
/// </summary>
/// <remarks>One request is on its way at a time: part and round trip bound the rate, and nothing can pile up on either side.</remarks>
/// <param name="snapshots">Where it goes.</param>
/// <param name="source">Whom to ask.</param>
/// <param name="options">Whom to tell, and how patient to be.</param>
public sealed class SnapshotFetching(SnapshotDirectory snapshots, ReplicaId source, SnapshotFetchingOptions options) : IDisposable
{
    private SnapshotReceiver? _receiver;
    private TimeSpan _askedAt;
    private TimeSpan _progressAt;
    private bool _isRunning;

    /// <summary>Whom it asks.</summary>
    public ReplicaId Source => source;

    /// <summary>Sends the first request. Once.</summary>
    public void Begin(TimeSpan now)
    {
        _isRunning = true;
        _progressAt = now;
        Ask(now);
    }

    /// <summary>Takes a part, whose bytes are not kept, and asks for the next. What is not expected (of another replica, late, repeated) is ignored.</summary>
    public void Receive(ReplicaId from, SnapshotPart part, TimeSpan now)
    {
        if (!_isRunning || from != source)
        {
            return;
        }

        if (part.Position == SequenceNumber.None)
        {
            GiveUp(SnapshotFetchFailure.NoSnapshot, $"replica {source} has no snapshot");
        }
        else if (TryTake(part))
        {
            _progressAt = now;
            options.Progress(_receiver!.Received, _receiver.FileBytes);
            if (_receiver.IsComplete)
            {
                Publish();
            }
            else
            {
                Ask(now);
            }
        }
    }

    /// <summary>Repeats what was not answered, and gives up when that has lasted too long. Call it a few times in each <see cref="SnapshotFetchingOptions.RepeatAfter"/>.</summary>
    public void Tick(TimeSpan now)
    {
        if (!_isRunning)
        {
            return;
        }

        if (now - _progressAt >= options.GiveUpAfter)
        {
            GiveUp(SnapshotFetchFailure.Silent, $"nothing new came from replica {source} for {options.GiveUpAfter.TotalSeconds} s, {_receiver?.Received ?? 0} bytes before");
        }
        else if (now - _askedAt >= options.RepeatAfter)
        {
            Ask(now);
        }
    }

    /// <summary>Ends it without a further call; what was received and not published is removed.</summary>
    public void Dispose()
    {
        _isRunning = false;
        _receiver?.Dispose();
        _receiver = null;
    }

    private bool TryTake(SnapshotPart part)
    {
        // A source goes on to newer snapshots only, so that an older one is a late answer. Of another one, only its beginning is of use.
        var isAnother = _receiver is null || part.Position > _receiver.Position;
        if (isAnother && part.Offset == 0)
        {
            _receiver?.Dispose();
            _receiver = snapshots.Receive(part.Position, part.FileBytes);
        }

        // An empty part of a file that is not empty would only be asked for again at once.
        return _receiver is { } receiver
            && part.Position == receiver.Position
            && part.FileBytes == receiver.FileBytes
            && (part.Bytes.Length > 0 || receiver.IsComplete)
            && receiver.Take(part.Offset, part.Bytes.Span);
    }

    private void Publish()
    {
        SnapshotHeader header;
        try
        {
            header = _receiver!.Publish();
        }
        catch (SnapshotDamagedException damage)
        {
            GiveUp(SnapshotFetchFailure.Damaged, $"what replica {source} sent is not a whole snapshot: {damage.Message}");
            return;
        }

        Dispose();
        options.Published(header);
    }

    private void GiveUp(SnapshotFetchFailure failure, string details)
    {
        Dispose();
        options.GaveUp(failure, details);
    }

    private void Ask(TimeSpan now)
    {
        _askedAt = now;
        options.Send(source, new FetchSnapshot(_receiver?.Position ?? SequenceNumber.None, _receiver?.Received ?? 0));
    }
}
