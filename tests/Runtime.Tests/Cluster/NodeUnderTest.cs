using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Cluster;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Peers;
using ControlPlane.Runtime.Reading;
using ControlPlane.Runtime.Tests.Peers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Runtime.Tests.Cluster;

/// <summary>One node of a <see cref="ClusterUnderTest"/>: its address stays the same when it is started again.</summary>
internal sealed class NodeUnderTest(ClusterUnderTest cluster, string name, string directory, bool founds, int founders) : IAsyncDisposable
{
    private LoopbackNode? _listener;
    private Task _dialling = Task.CompletedTask;
    private PeerMesh? _mesh;
    private int _port;

    public string Name => name;

    /// <summary>Null while the node is down.</summary>
    public JournalHost? Journal { get; private set; }

    /// <summary>Who keeps a replica of its journal.</summary>
    public PeerRouter? Router { get; private set; }

    public ReplicaId Replica => Journal!.Engine.Replica;

    public void Start()
    {
        var id = ClusterIdentity.ClusterOf(ClusterUnderTest.Name);
        Router = new PeerRouter(id, name, $"http://{name}");
        Journal = JournalHost.Open(
            new JournalEngineOptions
            {
                Directory = directory,
                Cluster = id,
                Segments = new SegmentOptions { DeviceFileBytes = 1 << 20, PreallocationStepBytes = 1 << 18, PreallocateInBackground = false },
                Group = new ReplicaGroup(ClusterIdentity.JournalOf(ClusterUnderTest.Name, ClusterUnderTest.JournalName), Router, founders)
                {
                    Founders = founds ? [.. cluster.Nodes.Take(founders).Select(node => node.Name)] : [],
                },
            },
            TimeProvider.System);
        var handler = new CuttableHandler(cluster, name, Router);
        _listener = new LoopbackNode(handler, _port);
        _port = _listener.Port;
        _dialling = DialAsync(handler);
    }

    /// <summary>Ends the node. What it had answered is on its disk; to the others it looks like a crash.</summary>
    public async Task EndAsync()
    {
        if (Journal is null)
        {
            return;
        }

        await _dialling;
        await _listener!.DisposeAsync();
        if (_mesh is not null)
        {
            await _mesh.DisposeAsync();
        }

        await Journal.DisposeAsync();
        (Journal, _mesh) = (null, null);
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    /// <summary>The machine was replaced: nothing of the node's disk is left.</summary>
    public void Wipe() => Directory.Delete(directory, recursive: true);

    /// <summary>The directory of its replica.</summary>
    public string ReplicaDirectory => Path.Combine(directory, JournalOpening.ReplicaFolder);

    /// <summary>What the committed entries say, in order.</summary>
    public List<ulong> Read()
    {
        var read = new List<ulong>();
        Journal!.Engine.Read(Journal.Engine.Head, (in CommittedEntry entry) =>
        {
            if (entry.Payload.Length == sizeof(ulong))
            {
                read.Add(BitConverter.ToUInt64(entry.Payload));
            }

            return true;
        });
        return read;
    }

    // Addresses are known once every node listens.
    private async Task DialAsync(CuttableHandler handler)
    {
        while (cluster.Nodes.Any(node => node._port == 0))
        {
            await Task.Yield();
        }

        var peers = cluster.Nodes.Where(node => node != this).Select(node => new PeerAddress(node.Name, "127.0.0.1", node._port));
        _mesh = new PeerMesh(new PeerMeshOptions { Peers = [.. peers] }, handler, TimeProvider.System, NullLogger.Instance);
    }

    /// <summary>Loses what arrives over a direction that is cut.</summary>
    private sealed class CuttableHandler(ClusterUnderTest cluster, string name, PeerRouter router) : IPeerHandler
    {
        public NodeGreeting Greeting() => router.Greeting();

        public void Connected(IPeerLink link) => router.Connected(link);

        public void Disconnected(IPeerLink link) => router.Disconnected(link);

        public void Received(IPeerLink link, PeerBatch batch)
        {
            if (cluster.IsCut(link.Peer.Node, name))
            {
                batch.Dispose();
            }
            else
            {
                router.Received(link, batch);
            }
        }
    }
}
