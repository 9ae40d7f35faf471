using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Disk;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Protocol.V1;

namespace ControlPlane.EndToEnd.Tests.Cluster;

/// <summary>
/// A node goes down, its disk is damaged, and it comes back: with the others there it is repaired while they serve; with one of them away nothing
/// shorter is ever served than what was acknowledged. Three processes; a few faults, or all of them (README).
/// </summary>
public sealed class DamagedReplicaTests(SharedCluster shared, ITestOutputHelper output) : IClassFixture<SharedCluster>, IAsyncLifetime
{
    private const int JournalFault = 74;
    private const string Tenant = "default";

    private static int _turn;

    private readonly List<LeaseHandle> _held = [];
    private ClusterProcess _cluster = null!;
    private ControlPlaneClient _client = null!;
    private IReadOnlyDictionary<string, string> _damagedFiles = new Dictionary<string, string>();
    private bool _isAsFound;

    public static TheoryData<string> Faults => [.. (Environment.GetEnvironmentVariable("CONTROLPLANE_E2E_DISK_FAULTS") == "all" ? DiskFault.All : DiskFault.AFew).Select(fault => fault.Name)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await shared.TakeAsync();
        _client = await _cluster.NewClientAsync(Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        output.WriteLine(_isAsFound ? "" : _cluster.Said);
        await shared.GiveBackAsync(_cluster, _isAsFound);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task With_the_others_there_it_is_repaired_while_they_serve(string name)
    {
        var fault = DiskFault.Named(name);
        var damaged = _turn++ % ClusterProcess.Nodes;
        var older = CopyOf(damaged);
        await SnapshotAsync(damaged);
        var hit = await HoldAsync();
        await HoldAsync();
        await _cluster.KillAsync(damaged);
        Damage(fault, damaged, older, hit);

        // Clients never stop, and more is acknowledged than the damaged replica has ever seen.
        using var stop = new CancellationTokenSource();
        var serving = Serve(stop.Token);
        await HoldAsync();
        await _cluster.LaunchAsync(damaged);
        await ComesBackAsync(fault, damaged);
        var served = serving.Served;
        await Eventually.HoldsAsync(() => serving.Served > served, () => $"clients are served; they were {served} times:\n{_cluster.Said}");
        await stop.CancelAsync();
        await serving.Task;
        await EndAsync(fault, damaged);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task With_one_other_away_nothing_shorter_is_ever_served(string name)
    {
        var fault = DiskFault.Named(name);
        var damaged = _turn++ % ClusterProcess.Nodes;
        var older = CopyOf(damaged);
        await SnapshotAsync(damaged);
        var (away, behind) = await LedByAnotherAsync(damaged);
        await HoldAsync();

        // What only the damaged replica and the leader, which will be away, hold.
        await _cluster.KillAsync(behind);
        var hit = await HoldAsync();
        await HoldAsync();
        await _cluster.KillAsync(away);
        await _cluster.KillAsync(damaged);
        Damage(fault, damaged, older, hit);
        await _cluster.LaunchAsync(behind);
        await _cluster.LaunchAsync(damaged);

        if (fault.Fate == Fate.StaysWhole)
        {
            await _cluster.LeaderAsync();
            await AllIsThereAsync();
        }
        else
        {
            await NobodyLeadsAsync(fault, behind, damaged);
        }

        await _cluster.LaunchAsync(away);
        await ComesBackAsync(fault, damaged);
        await EndAsync(fault, damaged);
    }

    private string CopyOf(int node)
    {
        var copy = Path.Combine(_cluster.Root, $"older-{Guid.NewGuid():N}");
        JournalFiles.CopyDirectory(_cluster.ReplicaOf(node), copy);
        return copy;
    }

    private async Task SnapshotAsync(int node)
    {
        using var asker = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [_cluster.AddressOf(node)] });
        await asker.Operator.TakeSnapshotAsync(cancellation: Cancellation);
    }

    private async Task<LeaseHandle> HoldAsync()
    {
        var lease = await _client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        _held.Add(lease);
        return lease;
    }

    private void Damage(DiskFault fault, int node, string older, LeaseHandle hit)
    {
        var replica = _cluster.ReplicaOf(node);
        var (file, offset) = JournalFiles.Find(replica, hit.Lease.RequestId.ToByteArray());
        fault.Damage(new DamagedFiles(replica, older, file, offset));
        _damagedFiles = Directory.Exists(replica) ? JournalFiles.Fingerprint(replica) : _damagedFiles;
    }

    private Serving Serve(CancellationToken stop)
    {
        var serving = new Serving();
        serving.Task = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await using var brief = await _client.AllocateAsync(EchoFunction.Lease(), Cancellation);
                    serving.Served++;
                }
            },
            Cancellation);
        return serving;
    }

    /// <summary>Somebody else than <paramref name="damaged"/> leads; who, and who is the third.</summary>
    private async Task<(int Leader, int Third)> LedByAnotherAsync(int damaged)
    {
        var (leader, _) = await _cluster.SettleAsync();
        if (leader == damaged)
        {
            await (await _cluster.NewClientAsync()).Operator.HandOverAsync(ClusterProcess.NameOf((damaged + 1) % ClusterProcess.Nodes), cancellation: Cancellation);
            (leader, _) = await _cluster.SettleAsync();
        }

        return (leader, Enumerable.Range(0, ClusterProcess.Nodes).Single(node => node != leader && node != damaged));
    }

    /// <summary>The healthy one stands twice, with the damaged one in reach or refused, and never leads; nor does the other.</summary>
    private async Task NobodyLeadsAsync(DiskFault fault, int healthy, int damaged)
    {
        var stood = 0;
        var stands = false;
        await Eventually.HoldsAsync(
            async () =>
            {
                var role = (await _cluster.StatusAsync(healthy))?.Role;
                var isReached = fault.Fate == Fate.RefusesToStart ? !_cluster.IsRunning(damaged) : await _cluster.StatusAsync(damaged) is { Role: not "leader" };
                Assert.NotEqual("leader", role);
                stood += isReached && role == "candidate" && !stands ? 1 : 0;
                stands = role == "candidate";
                return stood >= 3;
            },
            () => $"{ClusterProcess.NameOf(healthy)} stands again and again; it did so {stood} times:\n{_cluster.Said}");

        using var impatient = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = _cluster.Addresses, Deadline = TimeSpan.FromSeconds(1) });
        var refused = await Assert.ThrowsAsync<ControlPlaneException>(() => impatient.ListLeasesAsync(new ListLeasesRequest { Tenant = Tenant }, Cancellation));
        Assert.NotEqual(CallOutcome.Unknown, refused.Outcome);
    }

    /// <summary>The damaged one is what its fault makes of it, and the others serve.</summary>
    private async Task ComesBackAsync(DiskFault fault, int damaged)
    {
        var name = ClusterProcess.NameOf(damaged);
        if (fault.Fate == Fate.RefusesToStart)
        {
            Assert.True(await _cluster.ProcessOf(damaged).ExitAsync() == JournalFault, _cluster.Said);
            Assert.Equal(_damagedFiles, JournalFiles.Fingerprint(_cluster.ReplicaOf(damaged)));
        }

        GetStatusResponse? status = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var leader = await _cluster.LeaderAsync();
                var isRunning = _cluster.IsRunning(damaged);
                Assert.Equal(fault.Fate != Fate.RefusesToStart, isRunning);
                status = await _cluster.StatusAsync(leader);
                var replicas = status?.Replicas;
                var itself = replicas?.SingleOrDefault(replica => replica.Node == name);
                return fault.Fate is Fate.RefusesToStart or Fate.IsASpare
                    ? replicas?.Count(replica => replica is { IsMember: true, Standing: "following" }) == 1 && itself is null or { IsMember: false }
                    : leader == damaged || itself is { IsMember: true, IsWhole: true, Standing: "following" };
            },
            () => $"{name} is back, as far as it can be; the leader tells:\n{status}\nand all said:\n{_cluster.Said}");
        Assert.Contains(fault.Names, _cluster.ProcessOf(damaged).Said, StringComparison.Ordinal);
        Assert.Equal(fault.Fate == Fate.LosesItsVote, _cluster.ProcessOf(damaged).Said.Contains("votes in the register no more", StringComparison.Ordinal));
    }

    /// <summary>All that was acknowledged is there; whoever can have the same state has it, and starts again without anything to find.</summary>
    private async Task EndAsync(DiskFault fault, int damaged)
    {
        await AllIsThereAsync();
        if (fault.Fate is Fate.StaysWhole or Fate.IsHealed)
        {
            await _cluster.SettleAsync();
            await _cluster.KillAsync(damaged);
            await _cluster.LaunchAsync(damaged);
            await _cluster.SettleAsync();
            Assert.DoesNotContain("not whole", _cluster.ProcessOf(damaged).Said, StringComparison.Ordinal);
            foreach (var lease in _held)
            {
                await lease.ReleaseAsync(Cancellation);
            }

            _isAsFound = true;
        }
    }

    private async Task AllIsThereAsync()
    {
        var listed = await _client.ListLeasesAsync(new ListLeasesRequest { Tenant = Tenant }, Cancellation);
        Assert.Equal(
            _held.Select(lease => (lease.Lease.Id.Position, lease.Lease.Sandbox, lease.Lease.Fence)).Order(ByPosition),
            listed.Leases.Select(lease => (lease.Id.Position, lease.Sandbox, lease.Fence)).Order(ByPosition));
    }

    private static Comparer<(ulong Position, SandboxId, FencingToken)> ByPosition { get; } =
        Comparer<(ulong Position, SandboxId, FencingToken)>.Create((one, other) => one.Position.CompareTo(other.Position));

    private sealed class Serving
    {
        private int _served;

        public int Served
        {
            get => Volatile.Read(ref _served);
            set => Volatile.Write(ref _served, value);
        }

        public Task Task { get; set; } = Task.CompletedTask;
    }
}
