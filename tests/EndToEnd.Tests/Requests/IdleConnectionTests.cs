using System.Net;
using System.Net.Sockets;
using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Requests;

/// <summary>Clients that connect and then say nothing.</summary>
[Collection(RunningPlane.ForAll.Name)]
public sealed class IdleConnectionTests(RunningPlane running)
{
    private const int Connections = 1_000;

    /// <summary>What an HTTP/2 client says first: the preface, and empty settings.</summary>
    private static readonly byte[] Hello = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

    [Fact]
    public async Task A_thousand_idle_connections_hinder_nobody()
    {
        var idle = new List<Socket>();
        try
        {
            for (var count = 0; count < Connections; count++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, running.Plane.Port), TestContext.Current.CancellationToken);
                await socket.SendAsync(Hello, TestContext.Current.CancellationToken);
            }

            using var client = running.Plane.NewClient();
            await using var lease = await client.AllocateAsync(EchoFunction.Lease(), TestContext.Current.CancellationToken);
            await lease.InvokeAsync("hello"u8.ToArray(), cancellation: TestContext.Current.CancellationToken);
            await lease.ReleaseAsync(TestContext.Current.CancellationToken);

            // Each was answered (with the server's settings) and none was cut off.
            var settings = new byte[9];
            foreach (var socket in idle)
            {
                Assert.Equal(settings.Length, await socket.ReceiveAsync(settings, TestContext.Current.CancellationToken));
            }
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }
    }
}
