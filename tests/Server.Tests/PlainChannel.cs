using ControlPlane.Security;
using Grpc.Net.Client;

namespace ControlPlane.Server.Tests;

/// <summary>
/// Plaintext channels of tests. They leave connecting to the handler, as the product's own do (<see cref="PlainConnecting"/>): a channel of gRPC's
/// defaults has hung whole test runs on a busy machine.
/// </summary>
internal static class PlainChannel
{
    public static GrpcChannel To(Uri address)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        handler.ConnectPlainly();
        return GrpcChannel.ForAddress(
            address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, MaxReceiveMessageSize = null, MaxSendMessageSize = null });
    }

    public static GrpcChannel To(string address) => To(new Uri(address));
}
