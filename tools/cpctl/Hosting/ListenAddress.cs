using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Cpctl;

/// <summary>Where this machine shall listen.</summary>
internal static class ListenAddress
{
    /// <summary>The endpoint of an address such as <c>http://127.0.0.1:7070</c>.</summary>
    public static IPEndPoint Of(string address)
    {
        var uri = new Uri(address);
        var host = uri.Host == "localhost" ? IPAddress.Loopback.ToString() : uri.Host.Trim('[', ']');
        return IPAddress.TryParse(host, out var ip)
            ? new IPEndPoint(ip, uri.Port)
            : throw new UsageException($"{address} does not name this machine by an IP address", "Write http://127.0.0.1:PORT.");
    }

    /// <summary>Says that a port is taken before anything on disk is touched; whoever takes it after this is found when listening begins.</summary>
    public static void RequireFree(IPEndPoint endpoint, string remedy)
    {
        using var probe = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(endpoint);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw new HostingException(ExitCode.Configuration, "ADDRESS_IN_USE", $"{endpoint} is in use by another process", remedy);
        }
    }
}
