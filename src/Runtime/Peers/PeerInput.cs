using System.Buffers;
using System.IO.Pipelines;

namespace ControlPlane.Runtime.Peers;

/// <summary>A connection's receiving side: takes whole frames out of the bytes, all that have arrived at once. One reader at a time.</summary>
internal sealed class PeerInput(PeerChannel channel)
{
    /// <summary>
    /// Most bytes that are drained into one batch, unless a single message is larger. Below what a transport reads ahead, which would
    /// otherwise stop and wait for us while we wait for it.
    /// </summary>
    private const int DrainBytesMax = 512 * 1024;

    private readonly PipeReader _reader = channel.Pipe.Input;
    private readonly PeerInboundBudget _budget = new();

    /// <summary>Ends a wait for the receiver of batches.</summary>
    public void Close() => _budget.Abandon();

    /// <summary>The first frame; null, with the reason, if there is none or it is no greeting.</summary>
    public async Task<(NodeGreeting? Greeting, string Error)> ReadGreetingAsync(PeerVersions ours)
    {
        while (true)
        {
            var read = await _reader.ReadAsync();
            var buffer = read.Buffer;
            if (!PeerFraming.TryMeasure(buffer, PeerGreetingCodec.BodyBytesMax, framesMax: 1, out var whole))
            {
                _reader.AdvanceTo(buffer.Start);
                return (null, PeerReasons.NoPeer);
            }

            if (whole > 0)
            {
                var greeting = PeerGreetingCodec.Decode(buffer.Slice(PeerFraming.PrefixBytes, whole - PeerFraming.PrefixBytes).ToArray(), ours, out var error);
                _reader.AdvanceTo(buffer.GetPosition(whole));
                return (greeting, error);
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted || read.IsCanceled)
            {
                return (null, PeerReasons.EndOfStream);
            }
        }
    }

    /// <summary>Waits for at least one message and takes all that are there. Either result may be null; an end is final.</summary>
    public async ValueTask<(PeerBatch? Batch, string? End)> ReadBatchAsync()
    {
        await _budget.RoomAsync();
        while (true)
        {
            var read = await DrainAsync();
            var (batch, end) = Take(read.Buffer);
            end ??= read.IsCompleted || read.IsCanceled ? PeerReasons.EndOfStream : null;
            if (batch is not null || end is not null)
            {
                return (batch, end);
            }
        }
    }

    private async ValueTask<ReadResult> DrainAsync()
    {
        var read = await _reader.ReadAsync();
        while (!read.IsCompleted && !read.IsCanceled && read.Buffer.Length < DrainBytesMax && channel.HasMore?.Invoke() == true)
        {
            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await _reader.ReadAsync();
        }

        return read;
    }

    private (PeerBatch? Batch, string? End) Take(in ReadOnlySequence<byte> buffer)
    {
        PeerBatch? batch = null;
        string? end = null;
        if (!PeerFraming.TryMeasure(buffer, PeerFraming.BodyBytesMax, int.MaxValue, out var whole))
        {
            end = PeerReasons.BadLength;
        }
        else if (whole > 0)
        {
            batch = PeerBatch.Decode(buffer.Slice(0, whole), _budget, out var error);
            end = batch is null ? PeerReasons.Garbage(error) : null;
        }

        _reader.AdvanceTo(buffer.GetPosition(whole), buffer.End);
        return (batch, end);
    }
}
