using ControlPlane.Replication.Messages;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Runtime.Peers;

/// <summary>
/// The life of one connection: both sides greet, then messages go both ways until one side ends it. Nothing that a peer sends, or does not
/// send, makes it throw, wait without a bound, or hold more memory than its bounds say.
/// </summary>
public sealed class PeerConnection : IPeerLink
{
    /// <summary>Longest wait for the other side's greeting.</summary>
    public static readonly TimeSpan GreetingPatience = TimeSpan.FromSeconds(5);

    private readonly PeerChannel _channel;
    private readonly IPeerHandler _handler;
    private readonly string? _wanted;
    private readonly string? _certified;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly PeerOutput _output;
    private readonly PeerInput _input;
    private NodeGreeting? _peer;
    private string? _reason;

    /// <summary>Nothing happens before <see cref="RunAsync"/>.</summary>
    /// <param name="channel">The bytes.</param>
    /// <param name="handler">Takes what arrives.</param>
    /// <param name="wanted">Whom this node has dialled; null if it was dialled.</param>
    /// <param name="logger">For errors of the handler only: how a connection ends is for the caller to tell.</param>
    /// <param name="time">For the greeting's deadline.</param>
    /// <param name="certified">Whose certificate the other side has shown, by the node's name; null without TLS, or if that was checked while dialling.</param>
    public PeerConnection(PeerChannel channel, IPeerHandler handler, string? wanted, ILogger logger, TimeProvider time, string? certified = null)
    {
        (_channel, _handler, _wanted, _logger, _time, _certified) = (channel, handler, wanted, logger, time, certified);
        _output = new PeerOutput(channel.Pipe.Output, Close);
        _input = new PeerInput(channel);
    }

    /// <inheritdoc/>
    public NodeGreeting Peer => _peer ?? throw new InvalidOperationException("The other side has not greeted yet.");

    /// <inheritdoc/>
    public ushort Version { get; private set; }

    /// <inheritdoc/>
    public bool IsDialled => _wanted is not null;

    /// <inheritdoc/>
    public bool TrySend(in PeerEnvelope envelope) => _peer is not null && _output.TrySend(envelope);

    /// <inheritdoc/>
    public void Close(string why)
    {
        if (Interlocked.CompareExchange(ref _reason, why, null) is null)
        {
            _output.Close();
            _input.Close();
            _channel.Abort();
        }
    }

    /// <summary>Greets, and serves the connection until it ends; call once. When it returns nothing of it is left: no task, no thread, no memory.</summary>
    /// <param name="greeted">Told once both have greeted, before the handler.</param>
    /// <param name="stop">Ends the connection.</param>
    public async Task<PeerEnd> RunAsync(Action<NodeGreeting>? greeted, CancellationToken stop)
    {
        await using var stopping = stop.Register(() => Close(PeerReasons.Stopping));
        try
        {
            if (await GreetAsync() is { } peer)
            {
                greeted?.Invoke(peer);
                await ServeAsync(peer);
            }
        }
        catch (Exception fault) when (PeerFaults.IsLostConnection(fault))
        {
            Close(PeerReasons.Lost(fault));
        }

        Close(PeerReasons.EndOfStream);
        await _output.EndAsync();
        await CompleteAsync();
        return new PeerEnd(_reason!, _peer);
    }

    private async Task ServeAsync(NodeGreeting peer)
    {
        Volatile.Write(ref _peer, peer);
        _handler.Connected(this);
        try
        {
            Close(await ReceiveAsync());
        }
        finally
        {
            // Also when the read has thrown: nothing is sent after this.
            Close(PeerReasons.EndOfStream);
            _handler.Disconnected(this);
        }
    }

    private async Task<NodeGreeting?> GreetAsync()
    {
        var ours = _handler.Greeting();
        using var deadline = new CancellationTokenSource(GreetingPatience, _time);
        await using var late = deadline.Token.Register(() => Close(PeerReasons.GreetingLate));
        await _channel.Pipe.Output.WriteAsync(PeerGreetingCodec.EncodeFrame(ours), CancellationToken.None);
        var (theirs, error) = await _input.ReadGreetingAsync(ours.Speaks);
        error = theirs is null ? error : Judge(theirs, ours);
        Version = theirs is null ? default : ours.Speaks.CommonWith(theirs.Speaks) ?? default;
        if (error.Length > 0)
        {
            Close(error);
        }

        return Volatile.Read(ref _reason) is null ? theirs : null;
    }

    private string Judge(NodeGreeting theirs, NodeGreeting ours)
    {
        // Before all else: nothing that is said under another's name is worth an answer.
        if (_certified is not null && theirs.Node != _certified)
        {
            return PeerReasons.NotCertified(theirs.Node, _certified);
        }

        if (theirs.Cluster != ours.Cluster)
        {
            return PeerReasons.OtherCluster(theirs.Cluster, ours.Cluster);
        }

        if (theirs.Node == ours.Node)
        {
            return PeerReasons.OwnName;
        }

        return _wanted is null || theirs.Node == _wanted ? "" : PeerReasons.OtherNode(theirs.Node, _wanted);
    }

    /// <summary>Reads until the end; returns why it came.</summary>
    private async Task<string> ReceiveAsync()
    {
        while (true)
        {
            var (batch, end) = await _input.ReadBatchAsync();
            if (batch is not null)
            {
                try
                {
                    _handler.Received(this, batch);
                }
#pragma warning disable CA1031 // Whatever it was, the messages are as good as lost; a handler that cannot go on ends its process itself.
                catch (Exception fault)
#pragma warning restore CA1031
                {
                    _logger.PeerHandlerFailed(Peer.Node, fault);
                    return PeerReasons.HandlerFailed(fault);
                }
            }

            if (end is not null)
            {
                return end;
            }
        }
    }

    private async Task CompleteAsync()
    {
        try
        {
            await _channel.Pipe.Input.CompleteAsync();
            await _channel.Pipe.Output.CompleteAsync();
        }
        catch (Exception fault) when (PeerFaults.IsLostConnection(fault))
        {
            // The output's last flush found the connection gone: it has ended all the same.
        }
    }
}
