using System.Net;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Runtime.Peers;
using ControlPlane.Server.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Bench.Peers;

/// <summary>The link that the control plane uses: dialled by a <see cref="PeerMesh"/>, accepted by Kestrel.</summary>
internal sealed class PeerLinkPath : IPeerPath
{
    private readonly WebApplication _app;
    private readonly FollowerEnd _follower;
    private readonly WriterEnd _writer;
    private readonly PeerMesh _mesh;

    private PeerLinkPath(string name, WebApplication app, FollowerEnd follower, WriterEnd writer, PeerMesh mesh) =>
        (Name, _app, _follower, _writer, _mesh) = (name, app, follower, writer, mesh);

    public string Name { get; }

    public static async Task<PeerLinkPath> StartAsync(string name, bool inline)
    {
        var follower = new FollowerEnd();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<IPeerHandler>(follower);
        builder.Services.Configure<SocketTransportOptions>(options => options.UnsafePreferInlineScheduling = inline);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseConnectionHandler<PeerConnectionHandler>()));
        var app = builder.Build();
        await app.StartAsync();
        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
        var writer = new WriterEnd();
        var mesh = new PeerMesh(
            new PeerMeshOptions { Peers = [new PeerAddress("follower", "127.0.0.1", port)] }, writer, TimeProvider.System, NullLogger.Instance);
        await writer.Ready;
        return new PeerLinkPath(name, app, follower, writer, mesh);
    }

    public async Task<PeerFigures> RunAsync(int depth, TimeSpan duration)
    {
        var before = _follower.Batches;
        var window = await _writer.RunAsync(depth, duration);
        return window.Figures(_follower.Batches - before);
    }

    public async ValueTask DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _app.DisposeAsync();
    }

    private sealed class WriterEnd : IPeerHandler
    {
        private readonly TaskCompletionSource<IPeerLink> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private const int EntryBytes = 200;
        private readonly byte[] _entries = new byte[EntryBytes * 64];
        private PeerWindow? _window;

        public Task Ready => _ready.Task;

        public NodeGreeting Greeting() => new(new ClusterId(1), "writer", "", []);

        public void Connected(IPeerLink link) => _ready.TrySetResult(link);

        public void Disconnected(IPeerLink link)
        {
        }

        public async Task<PeerWindow> RunAsync(int depth, TimeSpan duration)
        {
            var window = new PeerWindow(depth, duration);
            _window = window;
            Refill(await _ready.Task, window, 0);
            await window.Done;
            return window;
        }

        public void Received(IPeerLink link, PeerBatch batch)
        {
            using (batch)
            {
                Refill(link, _window!, ((Appended)batch.Envelopes[^1].Message).Stamp);
            }
        }

        /// <summary>As the runtime does: what is due leaves in one message.</summary>
        private void Refill(IPeerLink link, PeerWindow window, ulong acknowledged)
        {
            var more = window.Acknowledge(acknowledged);
            if (more == 0)
            {
                return;
            }

            var last = 0UL;
            for (var i = 0; i < more; i++)
            {
                last = window.Send();
            }

            link.TrySend(new PeerEnvelope(default, default, new Append(new Epoch(1), default, last, default, _entries.AsMemory(0, more * EntryBytes))));
        }
    }

    private sealed class FollowerEnd : IPeerHandler
    {
        private long _batches;

        public long Batches => Interlocked.Read(ref _batches);

        public NodeGreeting Greeting() => new(new ClusterId(1), "follower", "", []);

        public void Connected(IPeerLink link)
        {
        }

        public void Disconnected(IPeerLink link)
        {
        }

        public void Received(IPeerLink link, PeerBatch batch)
        {
            using (batch)
            {
                Interlocked.Increment(ref _batches);
                var last = (Append)batch.Envelopes[^1].Message;
                link.TrySend(new PeerEnvelope(default, default, new Appended(last.Epoch, default, last.Stamp, default, IsWhole: true)));
            }
        }
    }
}
