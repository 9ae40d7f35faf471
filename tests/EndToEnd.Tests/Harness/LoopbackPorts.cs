using System.Net;
using System.Net.Sockets;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>Ports of this machine that nobody listens on. Below the range that the system gives to outgoing connections, so that none takes one while a node restarts.</summary>
internal static class LoopbackPorts
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static readonly Lock Gate = new();
    private static int _next = Random.Shared.Next(Count);

    /// <summary>The first of two neighbours, both free: the plane's, and the gate's.</summary>
    public static int TakePair() => TakeBlock(2);

    /// <summary>The first of as many neighbours, all free.</summary>
    public static int TakeBlock(int ports)
    {
        lock (Gate)
        {
            for (var tries = 0; tries < Count / ports; tries++)
            {
                _next = (_next + ports) % (Count - ports);
                if (Enumerable.Range(First + _next, ports).All(IsFree))
                {
                    var block = First + _next;
                    _next += ports;
                    return block;
                }
            }
        }

        throw new InvalidOperationException($"no {ports} neighbouring ports are free");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
