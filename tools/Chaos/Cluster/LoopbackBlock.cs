using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Chaos.Cluster;

/// <summary>
/// Addresses of this machine for the listeners of one run: an address of its own below 127.0.0.0/8 for each process, with ports that the system
/// chooses. Outgoing connections come from 127.0.0.1, so none can take a port while the process that it belongs to is down.
/// </summary>
internal sealed class LoopbackBlock
{
    private readonly byte _second = (byte)Random.Shared.Next(64, 250);
    private readonly byte _third = (byte)Random.Shared.Next(1, 250);
    private readonly HashSet<IPEndPoint> _taken = [];
    private byte _last;

    /// <summary>An address for one process.</summary>
    public IPAddress Next() => OperatingSystem.IsLinux() ? new IPAddress([127, _second, _third, ++_last]) : IPAddress.Loopback;

    /// <summary>A free port at an address.</summary>
    public IPEndPoint Port(IPAddress address)
    {
        while (true)
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(address, 0));
            if (_taken.Add((IPEndPoint)probe.LocalEndPoint!))
            {
                return (IPEndPoint)probe.LocalEndPoint!;
            }
        }
    }
}
