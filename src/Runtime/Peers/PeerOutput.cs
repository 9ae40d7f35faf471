using System.Buffers.Binary;
using System.IO.Pipelines;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Runtime.Peers;

/// <summary>
/// A connection's sending side. Senders encode into one buffer under a short lock; whoever finds nobody writing writes it to the
/// connection itself, on its own thread, and what others add meanwhile leaves with the next write: no thread is woken to send, and many
/// small messages share one system call (flat combining, as in <c>Loops/CombiningLoop.cs</c>).
/// When the connection does not take more, the write waits without a thread, and senders only add to the buffer, up to its bound.
/// </summary>
public sealed class PeerOutput
{
    /// <summary>Most bytes that wait for the connection to take them; if none waits, one message of any size may.</summary>
    public const int PendingBytesMax = 8 * 1024 * 1024;

    /// <summary>Writes that a sender does for others before it hands the rest to the thread pool.</summary>
    private const int WritesPerSenderMax = 4;

    private readonly Lock _gate = new();
    private readonly PipeWriter _writer;
    private readonly Action<string> _failed;
    private FrameBuffer _filling = new();
    private FrameBuffer _spare = new();
    private int _pending;
    private bool _isWriting;
    private bool _isClosed;
    private TaskCompletionSource? _ended;

    internal PeerOutput(PipeWriter writer, Action<string> failed) => (_writer, _failed) = (writer, failed);

    internal bool TrySend(in PeerEnvelope envelope)
    {
        var body = PeerMessageCodec.ByteCount(envelope);
        var length = PeerFraming.PrefixBytes + body;
        lock (_gate)
        {
            if (_isClosed || (_pending > 0 && _pending + length > PendingBytesMax))
            {
                return false;
            }

            var frame = _filling.Grow(length);
            BinaryPrimitives.WriteInt32LittleEndian(frame, body);
            PeerMessageCodec.Encode(envelope, frame[PeerFraming.PrefixBytes..]);
            _pending += length;
            if (_isWriting)
            {
                return true;
            }

            _isWriting = true;
        }

        _ = WriteAllAsync();
        return true;
    }

    /// <summary>Nothing is taken any more.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Completes when no write is under way any more; call <see cref="Close"/>, and abort the connection, before.</summary>
    internal async Task EndAsync()
    {
        lock (_gate)
        {
            _ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (!_isWriting)
            {
                _ended.SetResult();
            }
        }

        await _ended.Task;
        _filling.Release();
        _spare.Release();
    }

    private async Task WriteAllAsync()
    {
        for (var writes = 0; TakeFilled() is { } filled; writes++)
        {
            if (writes == WritesPerSenderMax)
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            try
            {
                var result = await _writer.WriteAsync(filled.Written);
                if (result.IsCompleted)
                {
                    Fail(PeerReasons.EndOfStream);
                }
            }
#pragma warning disable CA1031 // Whatever it was, this connection has ended, and nobody awaits this task who could be told otherwise.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Fail(PeerReasons.Lost(fault));
            }

            lock (_gate)
            {
                _pending -= filled.Written.Length;
                filled.Clear();
            }
        }
    }

    private FrameBuffer? TakeFilled()
    {
        lock (_gate)
        {
            if (_isClosed || _filling.Written.IsEmpty)
            {
                _isWriting = false;
                _ended?.TrySetResult();
                return null;
            }

            (_filling, _spare) = (_spare, _filling);
            return _spare;
        }
    }

    private void Fail(string why)
    {
        Close();
        _failed(why);
    }
}
