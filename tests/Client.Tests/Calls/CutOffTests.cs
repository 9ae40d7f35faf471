using System.Net;
using System.Net.Sockets;
using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client.Tests;

/// <summary>A server that takes connections and drops them at once, as one does whose TLS the caller does not speak.</summary>
public sealed class CutOffTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _dropping;

    public CutOffTests()
    {
        _listener.Start();
        _dropping = DropAsync();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Every_call_ends_with_its_connection_and_none_waits_for_its_deadline()
    {
        using var client = new ControlPlaneClient(new ControlPlaneClientOptions
        {
            Addresses = [$"http://{_listener.LocalEndpoint}"],
            Deadline = TimeSpan.FromMinutes(5),
            Retry = new RetryPolicy { AttemptsMax = 1 },
        });

        for (var round = 0; round < 50; round++)
        {
            var calls = Enumerable.Range(0, 8).Select(_ => Assert.ThrowsAsync<ControlPlaneException>(
                () => client.ListLeasesAsync(new ListLeasesRequest(), TestContext.Current.CancellationToken)));
            Assert.All(await Task.WhenAll(calls), failure => Assert.NotEqual(StatusCode.DeadlineExceeded, failure.Code));
        }

        Assert.False(_dropping.IsCompleted, "the server still drops connections");
    }

    private async Task DropAsync()
    {
        while (true)
        {
            (await _listener.AcceptSocketAsync()).Close(timeout: 0);
        }
    }
}
