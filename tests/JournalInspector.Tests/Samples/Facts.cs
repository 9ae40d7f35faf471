using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.Tests.Samples;

/// <summary>Entries for samples, in one line each.</summary>
internal static class Facts
{
    public static Entry Claimed(string node) => new() { LeadershipClaimed = new LeadershipClaimed { Node = node } };

    public static Entry Settings() => new()
    {
        SettingsChanged = new SettingsChanged { RequestRetentionMs = 600_000, EndedRequestsMax = 1_000, DriftPermille = 10 },
    };

    public static Entry Tenant(string name) => new() { TenantAdded = new TenantAdded { Name = name } };

    public static Entry Function(string name) => new()
    {
        FunctionDeployed = new FunctionDeployed
        {
            Name = name,
            Version = 1,
            Command = { "./bootstrap" },
            CodePath = $"/functions/{name}",
            Environment = { new EnvironmentVariable { Name = "GREETING", Value = "hello" } },
            MemoryMib = 64,
            TimeoutMs = 3_000,
        },
    };

    public static Entry Worker(string name, params ulong[] kept) => new()
    {
        WorkerRegistered = new WorkerRegistered
        {
            Name = name,
            IncarnationHigh = 1,
            IncarnationLow = 2,
            Zone = "a",
            CapacityMemoryMib = 1_024,
            CapacitySandboxes = 8,
            Endpoint = "http://127.0.0.1:7071",
            KeptSandboxes = { kept },
        },
    };

    public static Entry Lost(ulong worker) => new() { WorkerLost = new WorkerLost { Worker = worker } };

    public static Entry Created(ulong worker, ulong function) => new() { SandboxCreated = new SandboxCreated { Worker = worker, Function = function } };

    public static Entry Ready(ulong sandbox) => new() { SandboxReady = new SandboxReady { Sandbox = sandbox } };

    public static Entry Fenced(ulong sandbox, ulong floor) => new() { SandboxFenced = new SandboxFenced { Sandbox = sandbox, Floor = floor } };

    public static Entry Died(ulong sandbox, string reason) => new() { SandboxDied = new SandboxDied { Sandbox = sandbox, Reason = reason } };

    public static Entry Granted(ulong sandbox, ulong tenant, ulong request) => new()
    {
        LeaseGranted = new LeaseGranted
        {
            Sandbox = sandbox,
            Tenant = tenant,
            RequestHigh = 0x11,
            RequestLow = request,
            RequestCount = 1,
            ParametersHash = 0x77,
            ClientHigh = 0xcc,
            ClientLow = 0x01,
            ClientSequence = request,
            TtlMs = 30_000,
            ConfirmWithinMs = 5_000,
            Warm = true,
            Reason = ChoiceReason.WarmRecent,
        },
    };

    public static Entry Confirmed(ulong lease) => new() { LeaseConfirmed = new LeaseConfirmed { Lease = lease } };

    public static Entry Renewed(ulong lease, uint renewal) => new()
    {
        LeaseRenewed = new LeaseRenewed { Lease = lease, RenewSequence = renewal, TtlMs = 60_000 },
    };

    public static Entry Released(ulong lease) => new() { LeaseReleased = new LeaseReleased { Lease = lease } };

    public static Entry Expired(ulong lease, EndReason reason) => new()
    {
        LeaseExpired = new LeaseExpired { Lease = lease, Reason = reason },
    };
}
