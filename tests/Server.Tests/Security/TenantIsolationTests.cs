using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using Grpc.Core;

namespace ControlPlane.Server.Tests.Security;

/// <summary>Tenant <c>mallory</c> against the leases of tenant <c>acme</c>: under its own name they do not exist, under acme's it may not speak.</summary>
public sealed class TenantIsolationTests(SecureNode secure) : IClassFixture<SecureNode>, IAsyncLifetime
{
    private const string Owner = "acme";
    private const string Intruder = "mallory";

    private readonly Allocator.AllocatorClient _owner = new(secure.Channel(Role.Tenant, Owner));
    private readonly Allocator.AllocatorClient _intruder = new(secure.Channel(Role.Tenant, Intruder));
    private TestWorker _worker = null!;
    private AllocateRequest _request = null!;
    private Lease _lease = null!;

    private LeaseRef Reference => new() { Id = _lease.Id, Fence = _lease.Fence };

    private static CallOptions Options => new(cancellationToken: TestNode.Cancellation);

    public async ValueTask InitializeAsync()
    {
        await secure.Node.DeployAsync();
        _worker = await TestWorker.ConnectAsync(secure.Node, channel: secure.Channel(Role.Worker, "worker-1"));
        _request = TestNode.Request();
        _request.MaxWaitMs = 30_000;
        _lease = (await _owner.AllocateAsync(_request, Options)).Leases[0];
    }

    public async ValueTask DisposeAsync()
    {
        await _owner.ReleaseAsync(new ReleaseRequest { Tenant = Owner, Leases = { Reference } }, Options);
        await _worker.DisposeAsync();
    }

    [Fact]
    public async Task Under_anothers_name_every_call_is_refused()
    {
        (string Method, Func<string, Task> Make)[] calls =
        [
            ("Allocate", tenant => _intruder.AllocateAsync(new AllocateRequest { RequestId = TestNode.NewId(), Tenant = tenant, Function = "echo" }, Options).ResponseAsync),
            ("AllocateBatch", tenant => _intruder.AllocateBatchAsync(new AllocateBatchRequest { Requests = { Mine(), new AllocateRequest { RequestId = TestNode.NewId(), Tenant = tenant, Function = "echo" } } }, Options).ResponseAsync),
            ("Renew", tenant => _intruder.RenewAsync(new RenewRequest { Tenant = tenant, Items = { new RenewRequest.Types.Item { Lease = Reference } } }, Options).ResponseAsync),
            ("Release", tenant => _intruder.ReleaseAsync(new ReleaseRequest { Tenant = tenant, Leases = { Reference } }, Options).ResponseAsync),
            ("LookupRequest", tenant => _intruder.LookupRequestAsync(new LookupRequestRequest { Tenant = tenant, RequestId = _request.RequestId }, Options).ResponseAsync),
            ("CancelRequest", tenant => _intruder.CancelRequestAsync(new CancelRequestRequest { Tenant = tenant, RequestId = _request.RequestId }, Options).ResponseAsync),
            ("Explain", tenant => _intruder.ExplainAsync(new ExplainRequest { Request = new AllocateRequest { Tenant = tenant, Function = "echo" } }, Options).ResponseAsync),
            ("ListLeases", tenant => _intruder.ListLeasesAsync(new ListLeasesRequest { Tenant = tenant }, Options).ResponseAsync),
            ("Watch", tenant => _intruder.Watch(new WatchRequest { Tenant = tenant, FromPosition = 1 }, Options).ResponseStream.MoveNext(TestNode.Cancellation)),
        ];
        Assert.Equal(
            Allocator.Descriptor.Methods.Select(method => method.Name).Order(StringComparer.Ordinal),
            calls.Select(call => call.Method).Append("AllocateStream").Append("GetPartitions").Order(StringComparer.Ordinal));
        foreach (var (method, make) in calls)
        {
            foreach (var tenant in new[] { Owner, "", "MALLORY" })
            {
                var error = await Assert.ThrowsAsync<RpcException>(() => make(tenant));
                Assert.True(StatusCode.PermissionDenied == error.StatusCode, $"{method} as '{tenant}': {error.Status}");
                Assert.Equal(ErrorReason.TenantMismatch, Protocol.Errors.ErrorTable.ReasonOf(error));
            }
        }

        Assert.Equal(LookupRequestResponse.Types.State.Held, await StateAsync());
    }

    [Fact]
    public async Task A_stream_ends_at_the_first_request_under_anothers_name()
    {
        foreach (var request in new[]
        {
            new AllocateStreamRequest { Tag = 1, Release = new ReleaseRequest { Tenant = Owner, Leases = { Reference } } },
            new AllocateStreamRequest { Tag = 1, Renew = new RenewRequest { Tenant = Owner, Items = { new RenewRequest.Types.Item { Lease = Reference } } } },
            new AllocateStreamRequest { Tag = 1, Allocate = new AllocateRequest { Tenant = Owner, Function = "echo", RequestId = TestNode.NewId() } },
        })
        {
            using var stream = _intruder.AllocateStream(Options);
            await stream.RequestStream.WriteAsync(request, TestNode.Cancellation);

            Assert.Equal(ErrorReason.TenantMismatch, await SecureNode.ReasonAsync(() => TestNode.CollectAsync(stream.ResponseStream)));
        }

        Assert.Equal(LookupRequestResponse.Types.State.Held, await StateAsync());
    }

    [Fact]
    public async Task Under_its_own_name_anothers_lease_does_not_exist()
    {
        var renewed = await _intruder.RenewAsync(new RenewRequest { Tenant = Intruder, Items = { new RenewRequest.Types.Item { Lease = Reference } } }, Options);
        Assert.Equal(ErrorReason.UnknownLease, renewed.Items[0].Refused.Reason);
        var released = await _intruder.ReleaseAsync(new ReleaseRequest { Tenant = Intruder, Leases = { Reference } }, Options);
        Assert.Equal(ErrorReason.UnknownLease, released.Items[0].Refused.Reason);
        Assert.Equal(ErrorReason.UnknownRequest, await SecureNode.ReasonAsync(
            () => _intruder.LookupRequestAsync(new LookupRequestRequest { Tenant = Intruder, RequestId = _request.RequestId }, Options).ResponseAsync));
        var cancelled = await EndedAsync(() => _intruder.CancelRequestAsync(new CancelRequestRequest { Tenant = Intruder, RequestId = _request.RequestId }, Options).ResponseAsync);
        Assert.Equal(0u, cancelled);
        Assert.Empty((await _intruder.ListLeasesAsync(new ListLeasesRequest { Tenant = Intruder }, Options)).Leases);

        Assert.Equal(LookupRequestResponse.Types.State.Held, await StateAsync());
    }

    [Fact]
    public async Task A_watch_shows_a_tenant_its_own_changes_only_and_covers_every_position()
    {
        var mine = (await _intruder.AllocateAsync(Mine(), Options)).Leases[0];
        await _intruder.ReleaseAsync(new ReleaseRequest { Tenant = Intruder, Leases = { new LeaseRef { Id = mine.Id, Fence = mine.Fence } } }, Options);
        var until = await secure.Node.TailAsync() - 1;

        var seen = await WatchAsync(_intruder, Intruder, until);
        var all = await WatchAsync(secure.Node.Allocator, "", until);

        Assert.All(seen, change => Assert.Equal(Intruder, change.Tenant));
        Assert.Equal(all.Where(change => change.Tenant == Intruder && change.Lease is not null).Select(change => change.Position), seen.Select(change => change.Position));
        Assert.Contains(seen, change => change.Kind == Change.Types.Kind.LeaseGranted && change.Lease.Equals(mine.Id));
        Assert.Contains(all, change => change.Tenant == Owner);
    }

    [Fact]
    public async Task An_operator_speaks_for_any_tenant()
    {
        var found = await secure.Node.Allocator.LookupRequestAsync(new LookupRequestRequest { Tenant = Owner, RequestId = _request.RequestId }, Options);
        Assert.Equal(_lease.Id, found.Leases[0].Id);
        var listed = await secure.Node.Allocator.ListLeasesAsync(new ListLeasesRequest(), Options);
        Assert.Contains(listed.Leases, lease => lease.Id.Equals(_lease.Id));
    }

    private static AllocateRequest Mine() => new() { RequestId = TestNode.NewId(), Tenant = Intruder, Function = "echo", MaxWaitMs = 30_000 };

    private async Task<LookupRequestResponse.Types.State> StateAsync() =>
        (await _owner.LookupRequestAsync(new LookupRequestRequest { Tenant = Owner, RequestId = _request.RequestId }, Options)).State;

    /// <summary>What a cancellation ended: nothing if the request is not known either.</summary>
    private static async Task<uint> EndedAsync(Func<Task<CancelRequestResponse>> cancel)
    {
        try
        {
            return (await cancel()).Ended;
        }
        catch (RpcException unknown) when (Protocol.Errors.ErrorTable.ReasonOf(unknown) == ErrorReason.UnknownRequest)
        {
            return 0;
        }
    }

    /// <summary>The changes up to a position; each answer begins where the one before ended.</summary>
    private static async Task<List<Change>> WatchAsync(Allocator.AllocatorClient client, string tenant, ulong until)
    {
        var changes = new List<Change>();
        using var watch = client.Watch(new WatchRequest { Tenant = tenant, FromPosition = 1 }, Options);
        ulong covered = 0;
        while (covered < until)
        {
            Assert.True(await watch.ResponseStream.MoveNext(TestNode.Cancellation));
            var response = watch.ResponseStream.Current;
            Assert.All(response.Changes, change => Assert.InRange(change.Position, covered + 1, response.Position));
            Assert.True(response.Position > covered);
            covered = response.Position;
            changes.AddRange(response.Changes.Where(change => change.Position <= until));
        }

        return changes;
    }
}
