using System.Net;
using System.Net.Sockets;
using ControlPlane.Server.Tests;
using Grpc.Core;
using Grpc.Health.V1;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>What a supervisor would ask: does the node serve?</summary>
internal static class Readiness
{
    /// <summary>True once <c>grpc.health.v1</c> says SERVING.</summary>
    public static async Task<bool> IsServingAsync(int port)
    {
        if (!await ListensAsync(port))
        {
            return false;
        }

        using var channel = PlainChannel.To($"http://127.0.0.1:{port}");
        try
        {
            var answer = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddSeconds(10));
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving;
        }
        catch (RpcException)
        {
            return false; // Not yet, or no longer: whoever asks looks at the process, too.
        }
    }

    /// <summary>True once somebody accepts connections.</summary>
    public static async Task<bool> ListensAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
