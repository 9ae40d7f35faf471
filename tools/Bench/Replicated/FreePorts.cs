using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Bench.Replicated;

/// <summary>Ports of loopback that the system chose. They are not held: whoever takes one in between costs the run, which says so.</summary>
internal static class FreePorts
{
    public static int[] Choose(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }
}
