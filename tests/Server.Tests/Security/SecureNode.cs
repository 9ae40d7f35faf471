using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using ControlPlane.Security.Tests;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Server.Tests.Security;

/// <summary>A node that speaks TLS, and channels to it that show any certificate, each with connections of its own.</summary>
public sealed class SecureNode : IAsyncLifetime
{
    private readonly List<GrpcChannel> _channels = [];

    internal TestCertificates Certificates { get; } = new();

    internal TestNode Node { get; private set; } = null!;

    internal TlsFiles Files { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Files = Certificates.Node();
        Node = await TestNode.StartAsync(tls: Files, dial: address => Dial(address, Certificates.Of(Role.Operator, "root")));
    }

    internal GrpcChannel Channel(Role role, string name) => Channel(Certificates.Of(role, name));

    internal GrpcChannel Channel(TlsFiles? files)
    {
        var channel = Dial(Node.Address, files);
        _channels.Add(channel);
        return channel;
    }

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await Node.DisposeAsync();
        Certificates.Dispose();
    }

    /// <summary>Why a call was refused; fails if it was not.</summary>
    internal static async Task<ErrorReason> ReasonAsync(Func<Task> call) =>
        ErrorTable.ReasonOf(await Assert.ThrowsAsync<RpcException>(call));

    private static GrpcChannel Dial(Uri address, TlsFiles? files) => GrpcChannel.ForAddress(
        address, new GrpcChannelOptions { HttpHandler = TestCertificates.Credulous(files), DisposeHttpClient = true, MaxReceiveMessageSize = null });
}
