using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Cpctl;

/// <summary>
/// Carries the connections from one node to another, byte for byte, and can be silent in either direction. Guarantee: silence is all that the
/// nodes see of a closed gate. No connection is reset or ended by it, none comes about through it, and what was sent meanwhile arrives, late and in
/// order, once it is open again: a network that loses every packet of one direction looks so to programs that speak TCP.
/// </summary>
/// <remarks>
/// Memory is bounded: one buffer for each direction of at most <see cref="ConnectionsMax"/> connections. At a closed gate nothing is read, so that
/// the sender's side fills and the sender waits, as it would.
/// </remarks>
internal sealed class PeerRelay : IAsyncDisposable
{
    /// <summary>Most connections at a time; more wait in the system's queue. A node keeps one, and dials anew while it is cut off.</summary>
    public const int ConnectionsMax = 32;

    private const int BufferBytes = 64 * 1024;

    private readonly IPEndPoint _target;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _room = new(ConnectionsMax);
    private readonly Task _accepting;

    /// <summary>Begins to listen beside <paramref name="target"/>, at a port that the system chooses.</summary>
    public PeerRelay(IPEndPoint target)
    {
        _target = target;
        _listener = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(target.Address, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where the dialling node finds the other.</summary>
    public IPEndPoint Address { get; }

    /// <summary>From the node that dials to the one that is dialled.</summary>
    public RelayGate Onward { get; } = new();

    /// <summary>From the node that is dialled to the one that dials.</summary>
    public RelayGate Back { get; } = new();

    /// <summary>Ends all connections; nothing of it is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _room.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
            {
                await _room.WaitAsync(_stop.Token);
                carried.RemoveAll(task => task.IsCompleted);
                carried.Add(CarryAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task CarryAsync(Socket dialler)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using var target = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A connection takes both directions to come about.
            dialler.NoDelay = true;
            await PassBothAsync(ended.Token);
            if (!HasGone(dialler))
            {
                await target.ConnectAsync(_target, ended.Token);
                await Task.WhenAll(PumpAsync(dialler, target, Onward, ended), PumpAsync(target, dialler, Back, ended));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Nobody listens at the target, or the relay ends: so does the connection.
        }
        finally
        {
            dialler.Dispose();
            _room.Release();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, RelayGate gate, CancellationTokenSource ended)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                await gate.PassAsync(ended.Token);
                var read = await from.ReceiveAsync(buffer, ended.Token);

                // The gate may have closed while the read was waiting; then the end of a stream waits as well.
                await gate.PassAsync(ended.Token);
                if (read == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (var sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), ended.Token);
                }
            }
        }
        catch (SocketException)
        {
            // One side has reset it, and the other hears of that when it can hear anything.
            await PassBothAsync(ended.Token);
            await ended.CancelAsync();
        }
    }

    private async Task PassBothAsync(CancellationToken cancellation)
    {
        while (!Onward.IsOpen || !Back.IsOpen)
        {
            await Onward.PassAsync(cancellation);
            await Back.PassAsync(cancellation);
        }
    }

    /// <summary>True if the dialler gave up while it waited; it has sent nothing that anybody should still read.</summary>
    private static bool HasGone(Socket dialler) => dialler.Poll(TimeSpan.Zero, SelectMode.SelectRead) && dialler.Available == 0;
}
