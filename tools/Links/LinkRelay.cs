using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Links;

/// <summary>
/// Carries the connections from those who dial to one listener, byte for byte, and can be bad in either direction. Guarantee: silence is all that the
/// two see of a closed direction. No connection is reset or ended by it, none comes about through it, and what was sent meanwhile arrives, late and
/// in order, once it is open again: a network that loses every packet of one direction looks so to programs that speak TCP.
/// </summary>
public sealed class LinkRelay : IAsyncDisposable
{
    /// <summary>Most connections at a time; more wait in the system's queue.</summary>
    public const int ConnectionsMax = 1_024;

    private const int BufferBytes = 64 * 1024;

    private readonly IPEndPoint _target;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _room = new(ConnectionsMax);
    private readonly ConcurrentDictionary<Socket, Socket> _carried = new();
    private readonly Task _accepting;

    /// <summary>Begins to listen, at a port that the system chooses.</summary>
    /// <param name="target">Whom it dials.</param>
    /// <param name="listen">Where it listens; null: at the target's address.</param>
    /// <param name="draw">Where chance comes from; null: from the system.</param>
    public LinkRelay(IPEndPoint target, IPAddress? listen = null, Func<double>? draw = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        _target = target;
        (Onward, Back) = (new LinkFlow(draw ?? Random.Shared.NextDouble), new LinkFlow(draw ?? Random.Shared.NextDouble));
        _listener = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(listen ?? target.Address, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where the diallers find the target.</summary>
    public IPEndPoint Address { get; }

    /// <summary>From those who dial to the one that is dialled.</summary>
    public LinkFlow Onward { get; }

    /// <summary>From the one that is dialled to those who dial.</summary>
    public LinkFlow Back { get; }

    /// <summary>Resets every connection that is there now; how many there were.</summary>
    public int Reset()
    {
        var carried = _carried.ToArray();
        foreach (var (dialler, target) in carried)
        {
            Abort(dialler);
            Abort(target);
        }

        return carried.Length;
    }

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
            _carried[dialler] = target;
            await PassBothAsync(ended.Token);
            if (!HasGone(dialler))
            {
                await target.ConnectAsync(_target, ended.Token);
                await Task.WhenAll(PumpAsync(dialler, target, Onward, ended), PumpAsync(target, dialler, Back, ended));
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody listens at the target, or the relay ends, or resets it: so does the connection.
        }
        finally
        {
            _carried.TryRemove(dialler, out _);
            dialler.Dispose();
            _room.Release();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, LinkFlow flow, CancellationTokenSource ended)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (true)
            {
                await flow.PassAsync(ended.Token);
                var read = await from.ReceiveAsync(buffer, ended.Token);

                // It may have closed while the read was waiting; then the end of a stream waits as well.
                await flow.KeepAsync(read, ended.Token);
                await flow.PassAsync(ended.Token);
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
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
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

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }

        socket.Dispose();
    }
}
