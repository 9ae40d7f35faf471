using ControlPlane.Protocol.V1;
using Google.Protobuf;

namespace ControlPlane.Cpctl.Tests;

public sealed class ViewTests
{
    [Fact]
    public void One_lease() => Golden.Matches(new AllocatedView(Lease(7).RequestId, [Lease(7)]));

    [Fact]
    public void Several_leases() => Golden.Matches(new LeaseListView(1_234, [Lease(7), Lease(1_200)]));

    [Fact]
    public void No_leases() => Golden.Matches(new LeaseListView(3, []));

    [Fact]
    public void Released_and_refused() => Golden.Matches(LeaseOutcomesView.Of(
        [Reference("L0-7@2"), Reference("L0-8@2"), Reference("L0-9@2")],
        [
            new ReleaseResponse.Types.Item { Released = new() },
            new ReleaseResponse.Types.Item { Released = new() { Replayed = true } },
            new ReleaseResponse.Types.Item { Refused = new Refusal { Reason = ErrorReason.LeaseEnded, Message = "the lease expired" } },
        ]));

    [Fact]
    public void Renewed() => Golden.Matches(LeaseOutcomesView.Of(
        [Reference("L0-7@2")],
        [new RenewResponse.Types.Item { Renewed = new() { RenewSequence = 3, TtlMs = 90_000 } }]));

    [Fact]
    public void A_request() => Golden.Matches(RequestView.Of(
        "00112233445566778899aabbccddeeff", new LookupRequestResponse { State = LookupRequestResponse.Types.State.PartlyEnded, Leases = { WireLease(7) } }));

    [Fact]
    public void An_explanation() => Golden.Matches(ExplainView.Of(new ExplainResponse
    {
        Verdict = ExplainResponse.Types.Verdict.Cold,
        Position = 99,
        Worker = "worker-1",
        SandboxesConsidered = 2,
        WorkersConsidered = 3,
        SandboxFilters = { new ExplainResponse.Types.Filter { Name = "quarantined", Removed = 2 } },
        WorkerFilters = { new ExplainResponse.Types.Filter { Name = "cordoned", Removed = 1 } },
        Candidates = { new ExplainResponse.Types.Candidate { Worker = "worker-1", Score = 0.25, Terms = { ["memory"] = 0.2, ["cpu"] = 0.05 } } },
    }));

    [Fact]
    public void A_change() => Golden.Matches(ChangeView.Of(new Change
    {
        Position = 41,
        Epoch = 2,
        TimeNs = 1_700_000_000_123_456_789,
        Kind = Change.Types.Kind.LeaseGranted,
        Lease = new LeaseId { Position = 41 },
        Sandbox = new SandboxId { Position = 9 },
        Function = "echo-sh",
        Tenant = "default",
        Worker = "worker-1",
    }));

    [Fact]
    public void Functions() => Golden.Matches(new FunctionListView([FunctionView.Of(new FunctionStatus
    {
        Function = new FunctionSpec { Name = "echo-sh", Version = 2, Command = { "./bootstrap" }, CodePath = "/functions/echo-sh", MemoryMib = 128, TimeoutMs = 30_000 },
        WarmTarget = 4, SandboxesFree = 3, SandboxesStarting = 1, Leases = 5, Position = 12,
    })]));

    [Fact]
    public void Workers() => Golden.Matches(WorkerListView.Of(new ListWorkersResponse
    {
        Workers =
        {
            new WorkerStatus
            {
                Name = "worker-1", State = WorkerStatus.Types.State.Ready, Connected = true, Zone = "a", Endpoint = "http://127.0.0.1:7071", Sandboxes = 4, CapacitySandboxes = 64,
                Leases = 1, MemoryCommittedMib = 512, CapacityMemoryMib = 8_192, Cpu = 0.5, MemoryUsedMib = 300, Labels = { ["gpu"] = "no", ["arch"] = "x64" },
            },
        },
    }));

    [Fact]
    public void A_status_of_a_cluster() => Golden.Matches(StatusView.Of(new GetStatusResponse
    {
        Node = "node-1",
        Version = "0.1.0",
        Role = "leader",
        Epoch = 7,
        Durability = "synced on 2 of 3 replicas",
        Head = 1,
        Committed = 5_000,
        Replicas =
        {
            new ReplicaStatus { Node = "node-2", Standing = "following", Durable = 4_990, Snapshot = 4_000, IsMember = true, IsWhole = true },
            new ReplicaStatus { Standing = "away", Durable = 1_200, IsMember = true },
        },
    }));

    [Fact]
    public void Faults() => Golden.Matches(new FailoverView("kill-leader", 16, [new FailoverRound(682, true, 1, 1), new FailoverRound(1_722, true, 1, 0.98)], 3_308, 0, 0, []));

    [Fact]
    public void A_status() => Golden.Matches(StatusView.Of(new GetStatusResponse
    {
        Node = "node-1",
        Version = "0.1.0",
        Role = "leader",
        Epoch = 3,
        Head = 1,
        Committed = 5_000,
        Snapshot = 4_000,
        StateHash = "00112233445566778899aabbccddeeff",
        Leases = 2,
        Sandboxes = 8,
        Workers = 1,
        Functions = 2,
        Tenants = 1,
        EntriesAppended = 3_000,
        BytesAppended = 600_000,
        Flushes = 1_500,
        UptimeMs = 90_000,
        Durability = "synced on 1 of 1 replicas",
        JournalId = "ffeeddccbbaa99887766554433221100",
        DataDirectory = "/var/lib/controlplane",
        Transport = "mutual TLS",
        CertificateValidUntilMs = 1_900_000_000_000,
    }));

    [Fact]
    public void Settings() => Golden.Matches(SettingsView.Of(new Settings { RequestRetentionMs = 600_000, EndedRequestsMax = 100_000, DriftPermille = 20, DefaultTenantLeaseLimit = 50 }));

    [Fact]
    public void An_invocation() => Golden.Matches(InvocationView.Of(Lease(7), new InvokeResponse { Payload = ByteString.CopyFromUtf8("{\"ok\":true}"), DurationUs = 420, InvocationId = "i-1" }, released: true));

    [Fact]
    public void An_invocation_that_answered_bytes() => Golden.Matches(InvocationView.Of(Lease(7), new InvokeResponse { Payload = ByteString.CopyFrom(0, 255), DurationUs = 1 }, released: false));

    [Fact]
    public void A_journal_entry() => Golden.Matches(EntryView.Of(new JournalEntry
    {
        Position = 8,
        Epoch = 1,
        TimeNs = 1_700_000_000_000_000_000,
        Type = JournalEntry.Types.Type.User,
        Payload = ByteString.CopyFromUtf8("[brackets] are text"),
        Hash = ByteString.CopyFrom(1, 2),
    }));

    [Fact]
    public void A_journal() => Golden.Matches(JournalStatusView.Of(new JournalStatusResponse
    {
        JournalId = "ffeeddccbbaa99887766554433221100",
        Name = "orders",
        Epoch = 2,
        Head = 1,
        Tail = 9,
        Fence = 1,
        Snapshot = 4,
        Durability = "synced on 1 of 1 replicas",
        Flushes = 3,
        BytesOnDisk = 4_096,
        Replicas = { new JournalStatusResponse.Types.Replica { Id = "r1", DurableTail = 9 } },
    }));

    private static LeaseView Lease(ulong position) => LeaseView.Of(WireLease(position));

    private static Lease WireLease(ulong position) => new()
    {
        Id = new LeaseId { Position = position },
        Sandbox = new SandboxId { Position = 5 },
        Fence = new FencingToken { Epoch = 2, Position = position },
        Endpoint = "http://127.0.0.1:7071",
        TtlMs = 60_000,
        Warm = true,
        ChosenBecause = "WARM_RECENT",
        CommitPosition = position,
        Function = "echo-sh",
        FunctionVersion = 1,
        Worker = "worker-1",
        Tenant = "default",
        RequestId = ByteString.CopyFrom([.. Enumerable.Range(0, 16).Select(i => (byte)(i * 17))]),
    };

    private static LeaseReference Reference(string text)
    {
        Assert.True(LeaseReference.TryParse(text, out var reference));
        return reference;
    }
}
