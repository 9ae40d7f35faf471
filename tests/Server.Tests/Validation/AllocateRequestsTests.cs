using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Validation;
using CsCheck;
using Google.Protobuf;
using Domain = ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Tests.Validation;

public sealed class AllocateRequestsTests
{
    public static TheoryData<string, Action<AllocateRequest>> Faults => new()
    {
        { "request_id", r => r.RequestId = ByteString.Empty },
        { "request_id", r => r.RequestId = Bytes(15, 1) },
        { "request_id", r => r.RequestId = Bytes(17, 1) },
        { "request_id", r => r.RequestId = Bytes(16, 0) },
        { "client_id", r => (r.ClientId, r.ClientSequence) = (Bytes(3, 1), 1) },
        { "client_sequence", r => r.ClientId = Bytes(16, 1) },
        { "client_sequence", r => r.ClientSequence = 1 },
        { "client_acknowledged", r => (r.ClientId, r.ClientSequence, r.ClientAcknowledged) = (Bytes(16, 1), 4, 4) },
        { "client_acknowledged", r => r.ClientAcknowledged = 1 },
        { "tenant", r => r.Tenant = "" },
        { "tenant", r => r.Tenant = "white space" },
        { "tenant", r => r.Tenant = new string('a', 65) },
        { "function", r => r.Function = "" },
        { "function", r => r.Function = "-x" },
        { "selectors", r => r.Selectors.AddRange(Enumerable.Range(0, 9).Select(_ => new Selector())) },
        { "selectors[1].match_labels", r => r.Selectors.AddRange([new Selector(), Labels(9)]) },
        { "selectors[0].match_labels", r => r.Selectors.Add(new Selector { MatchLabels = { [""] = "x" } }) },
        { "selectors[0].match_labels", r => r.Selectors.Add(new Selector { MatchLabels = { ["a"] = new string('x', 129) } }) },
        { "count", r => r.Count = 101 },
        { "priority", r => r.Priority = 10 },
        { "zone", r => r.Zone = "a/b" },
        { "max_wait_ms", r => r.MaxWaitMs = -1 },
        { "max_wait_ms", r => r.MaxWaitMs = 300_001 },
        { "cold_policy", r => r.ColdPolicy = (ColdPolicy)77 },
        { "ttl_ms", r => r.TtlMs = -1 },
        { "ttl_ms", r => r.TtlMs = 99 },
        { "ttl_ms", r => r.TtlMs = 86_400_001 },
        { "ttl_ms", r => r.TtlMs = long.MinValue },
        { "confirm_within_ms", r => (r.TtlMs, r.ConfirmWithinMs) = (1_000, 1_001) },
        { "confirm_within_ms", r => r.ConfirmWithinMs = -5 },
        { "durability", r => r.Durability = (Durability)9 },
        { "traceparent", r => r.Traceparent = new string('0', 129) },
    };

    [Fact]
    public void Defaults_are_filled_in()
    {
        var checks = new FieldChecks();

        var read = AllocateRequests.Allocate(checks, Good());

        Assert.True(checks.AllGood);
        Assert.Equal(1, read.Count);
        Assert.Equal(TimeSpan.FromSeconds(60), read.Ttl);
        Assert.Equal(TimeSpan.Zero, read.MaxWait);
        Assert.Equal(TimeSpan.Zero, read.ConfirmWithin);
        Assert.Equal(Domain.ColdPolicy.Allow, read.ColdPolicy);
        Assert.Empty(read.Selectors);
    }

    [Fact]
    public void Every_field_arrives()
    {
        var request = Good();
        request.ClientId = Bytes(16, 2);
        request.ClientSequence = 9;
        request.ClientAcknowledged = 8;
        request.FunctionVersion = 3;
        request.Selectors.Add(new Selector { MatchLabels = { ["zone"] = "b", ["disk"] = "ssd" } });
        request.Count = 100;
        request.Priority = 9;
        request.Zone = "eu-1";
        request.MaxWaitMs = 300_000;
        request.ColdPolicy = ColdPolicy.Reserve;
        request.TtlMs = 86_400_000;
        request.ConfirmWithinMs = 86_400_000;
        request.Traceparent = new string('0', 128);
        var checks = new FieldChecks();

        var read = AllocateRequests.Allocate(checks, request);

        Assert.Empty(checks.Violations);
        Assert.Equal(TenantName.Create("acme"), read.Tenant);
        Assert.Equal(FunctionName.Create("echo"), read.Function);
        Assert.Equal((9UL, 8UL), (read.ClientSequence.Value, read.ClientAcknowledged.Value));
        Assert.Equal(3u, read.FunctionVersion);
        Assert.Equal([new("disk", "ssd"), new("zone", "b")], Assert.Single(read.Selectors).Labels);
        Assert.Equal((100, 9, "eu-1"), (read.Count, read.Priority, read.Zone));
        Assert.Equal(TimeSpan.FromMinutes(5), read.MaxWait);
        Assert.Equal(Domain.ColdPolicy.Reserve, read.ColdPolicy);
        Assert.Equal(TimeSpan.FromDays(1), read.Ttl);
        Assert.Equal(TimeSpan.FromDays(1), read.ConfirmWithin);
    }

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void A_fault_is_named_by_its_field_alone(string field, Action<AllocateRequest> spoil)
    {
        var request = Good();
        spoil(request);
        var checks = new FieldChecks();

        AllocateRequests.Allocate(checks, request);

        Assert.All(checks.Violations, violation => Assert.Equal(field, violation.Field));
        Assert.NotEmpty(checks.Violations);
    }

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var checks = new FieldChecks();

        AllocateRequests.Allocate(checks, new AllocateRequest { TtlMs = -1, Priority = 99, ColdPolicy = (ColdPolicy)9 });

        Assert.Equal(["cold_policy", "function", "priority", "request_id", "tenant", "ttl_ms"], checks.Violations.Select(v => v.Field).Order());
    }

    [Fact]
    public void Any_numbers_whatever_are_either_in_bounds_or_at_fault() =>
        Gen.Select(Gen.Long, Gen.Long[-10, 400_000], Gen.Long, Gen.UInt[0, 200], Gen.UInt[0, 20]).Sample((ttl, wait, confirm, count, priority) =>
        {
            var request = Good();
            (request.TtlMs, request.MaxWaitMs, request.ConfirmWithinMs, request.Count, request.Priority) = (ttl, wait, confirm, count, priority);
            var checks = new FieldChecks();

            var read = AllocateRequests.Allocate(checks, request);

            var inBounds = read.Ttl >= TimeSpan.FromMilliseconds(100) && read.Ttl <= TimeSpan.FromDays(1)
                && read.MaxWait >= TimeSpan.Zero && read.MaxWait <= TimeSpan.FromMinutes(5)
                && read.ConfirmWithin >= TimeSpan.Zero && read.ConfirmWithin <= read.Ttl
                && read.Count is >= 1 and <= 100 && read.Priority is >= 0 and <= 9;
            return !checks.AllGood || inBounds;
        });

    [Fact]
    public void A_dry_run_needs_no_request_id_and_names_its_fields_below_the_request()
    {
        var request = Good();
        request.RequestId = ByteString.Empty;
        request.TtlMs = -1;
        var checks = new FieldChecks();

        AllocateRequests.Explain(checks, request);

        Assert.Equal("request.ttl_ms", Assert.Single(checks.Violations).Field);
    }

    [Fact]
    public void A_dry_run_without_a_request_is_at_fault()
    {
        var checks = new FieldChecks();

        AllocateRequests.Explain(checks, null);

        Assert.Equal("request", Assert.Single(checks.Violations).Field);
    }

    [Fact]
    public void A_batch_names_the_request_at_fault()
    {
        var bad = Good();
        bad.TtlMs = -1;
        var checks = new FieldChecks();

        AllocateRequests.Batch(checks, new AllocateBatchRequest { Requests = { Good(), Good(), bad } }, Undivided);

        Assert.Equal("requests[2].ttl_ms", Assert.Single(checks.Violations).Field);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(101, 1)]
    [InlineData(2, 51)]
    public void A_batch_has_bounds(int requests, int leasesEach)
    {
        var batch = new AllocateBatchRequest();
        for (var i = 0; i < requests; i++)
        {
            var one = Good();
            one.Count = (uint)leasesEach;
            batch.Requests.Add(one);
        }

        var checks = new FieldChecks();

        AllocateRequests.Batch(checks, batch, Undivided);

        Assert.Equal("requests", Assert.Single(checks.Violations).Field);
    }

    [Fact]
    public void An_atomic_batch_neither_waits_nor_mixes_tenants()
    {
        var (waits, foreign) = (Good(), Good());
        waits.MaxWaitMs = 1;
        foreign.Tenant = "other";
        var checks = new FieldChecks();

        AllocateRequests.Batch(checks, new AllocateBatchRequest { Atomic = true, Requests = { Good(), waits, foreign } }, Undivided);

        Assert.Equal(["requests[1].max_wait_ms", "requests[2].tenant"], checks.Violations.Select(v => v.Field));
    }

    [Fact]
    public void A_batch_asks_one_partition()
    {
        var map = new PartitionMap(8);
        var others = Enumerable.Range(0, 100).Select(i => $"function-{i}").First(name => map.Of(FunctionName.Create(name)) != map.Of(FunctionName.Create("echo")));
        var elsewhere = Good();
        elsewhere.Function = others;
        var checks = new FieldChecks();

        AllocateRequests.Batch(checks, new AllocateBatchRequest { Requests = { Good(), Good(), elsewhere } }, map);

        Assert.Equal("requests[2].function", Assert.Single(checks.Violations).Field);
    }

    private static PartitionMap Undivided => new(1);

    private static AllocateRequest Good() => new() { RequestId = Bytes(16, 1), Tenant = "acme", Function = "echo" };

    private static ByteString Bytes(int length, byte value) => ByteString.CopyFrom([.. Enumerable.Repeat(value, length)]);

    private static Selector Labels(int count)
    {
        var selector = new Selector();
        for (var i = 0; i < count; i++)
        {
            selector.MatchLabels[$"label-{i}"] = "x";
        }

        return selector;
    }
}
