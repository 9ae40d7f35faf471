using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;
using ControlPlane.WorkerManager.Tests.Scenarios;

namespace ControlPlane.WorkerManager.Tests.Properties;

/// <summary>Turns random numbers into commands, and remembers what was answered.</summary>
internal sealed class RandomPlay
{
    private const int TenantLimit = 6;
    private const int Reserved = 4;
    private static readonly string[] Functions = ["echo", "thumbnail", "reserved"];
    private static readonly string[] Tenants = ["acme", "globex"];
    private readonly List<SimulatedWorker> workers = [];
    private readonly List<LeaseView> leases = [];
    private readonly List<AllocateRequest> requests = [];
    private readonly List<CallId> calls = [];
    private readonly Scenario scenario = new(new CoreOptions
    {
        StateHashInterval = 16,
        InitialSettings = Settings.Default with { RequestRetention = TimeSpan.FromSeconds(30), EndedRequestsMax = 10, DefaultTenantLeaseLimit = TenantLimit },
    });

    public RandomPlay()
    {
        scenario.IsLong = true;
        for (var i = 0; i < 3; i++)
        {
            workers.Add(scenario.Connect($"w{i}", sandboxes: 4, memory: 512));
        }

        scenario.Deploy("echo", warm: 2, idle: TimeSpan.FromSeconds(20));
        scenario.Deploy("reserved", reserved: Reserved);
        scenario.Deploy("thumbnail", memory: 200);
    }

    public void Act(int action, int pick, int size)
    {
        switch (action)
        {
            case <= 4: Allocate(pick, size); break;
            case 5: Retry(pick); break;
            case 6 or 7: WithLease(pick, lease => scenario.Release(lease)); break;
            case 8: WithLease(pick, lease => scenario.Renew(lease, TimeSpan.FromSeconds(1 + size))); break;
            case 9: scenario.Advance(TimeSpan.FromSeconds(size)); break;
            case 10: Toggle(Worker(pick), size); break;
            case 11: Restart(Worker(pick), keepsSandboxes: size < 6); break;
            case 12: Die(Worker(pick), size); break;
            case 13: Order(Worker(pick), size); break;
            case 14: scenario.Deploy(Functions[pick % 3], warm: (uint)size / 4, code: $"/code/{size % 3}", reserved: pick % 3 == 2 ? (uint)Reserved : 0); break;
            case 15: WithLease(pick, lease => scenario.Call(call => new CancelRequest(call, lease.Tenant, lease.Request))); break;
            case 16: Gone(pick); break;
            case 17: Confirm(pick); break;
            case 18: FailOver(size); break;
            case 19: Batch(pick, size); break;
            case 20: scenario.Do(new InventoryReported(Worker(pick).Session, [.. Worker(pick).Inventory.Values])); break;
            default: Explain(pick, size); break;
        }

        CheckLimits();
    }

    /// <summary>Over the whole journal, the tokens of each sandbox strictly increase, and each is granted once.</summary>
    public void CheckTokens()
    {
        var highest = new Dictionary<ulong, int>();
        var index = 0;
        foreach (var entry in scenario.Journal)
        {
            index++;
            if (entry.LeaseGranted is { } granted)
            {
                Assert.True(index > highest.GetValueOrDefault(granted.Sandbox));
                highest[granted.Sandbox] = index;
            }
            else if (entry.SandboxFenced is { } fenced)
            {
                Assert.True((int)fenced.Floor > highest.GetValueOrDefault(fenced.Sandbox));
                highest[fenced.Sandbox] = (int)fenced.Floor;
            }
        }
    }

    private void CheckLimits()
    {
        foreach (var tenant in Tenants)
        {
            scenario.State.TryGetTenantUse(TenantName.Create(tenant), out var limit, out var inUse);
            Assert.True(inUse <= limit, "a tenant never uses more than its limit");
        }

        Assert.True(scenario.State.HeldLeases(default).Count(lease => lease.Function.Value == "reserved") <= Reserved);
    }

    private SimulatedWorker Worker(int pick) => workers[pick % workers.Count];

    private AllocateRequest NewRequest(int pick, int size) => scenario.Request(Functions[pick % 3], Tenants[pick / 3 % 2]) with
    {
        ColdPolicy = (ColdPolicy)(1 + (size % 3)),
        MaxWait = TimeSpan.FromSeconds(size % 4),
        Count = size == 9 ? 2 : 1,
        Priority = pick % 10,
        Ttl = TimeSpan.FromSeconds(2 + size),
        ConfirmWithin = TimeSpan.FromSeconds(size % 3),
        Client = new ClientId((UInt128)(1 + (pick % 2))),
        ClientSequence = new((ulong)requests.Count + 1),
        ClientAcknowledged = new((ulong)Math.Max(0, requests.Count - 8)),
    };

    private void Allocate(int pick, int size)
    {
        var request = NewRequest(pick, size);
        requests.Add(request);
        Note(request);
    }

    private void Retry(int pick)
    {
        if (requests.Count > 0)
        {
            Note(requests[pick % requests.Count]);
        }
    }

    private void Note(AllocateRequest request)
    {
        var call = scenario.Call(id => new Allocate(id, request));
        calls.Add(call);
        if (scenario.AnswerTo(call) is Granted granted)
        {
            foreach (var lease in granted.Leases)
            {
                var before = leases.Find(known => known.Request == lease.Request && known.Id == lease.Id);
                Assert.Equal(before is not null, lease.Replayed && before is not null);
                Assert.True(before is null || before.Sandbox == lease.Sandbox, "a retry gets the same sandbox");
                leases.Add(lease);
            }
        }
    }

    private void WithLease(int pick, Action<LeaseView> act)
    {
        if (leases.Count > 0)
        {
            act(leases[pick % leases.Count]);
        }
    }

    private void Toggle(SimulatedWorker worker, int size)
    {
        worker.Fences = size % 2 == 0;
        worker.Boots = size % 3 != 0;
        worker.Beats = size != 7;
        if (size > 5)
        {
            scenario.Disconnect(worker);
        }
        else
        {
            scenario.Connect(worker);
        }
    }

    private void Restart(SimulatedWorker worker, bool keepsSandboxes)
    {
        scenario.Disconnect(worker);
        worker.Restart(keepsSandboxes);
        scenario.Connect(worker);
    }

    private void Die(SimulatedWorker worker, int size)
    {
        if (worker.Inventory.Count > 0)
        {
            scenario.Do(worker.Die(worker.Inventory.Keys.Order().ElementAt(size % worker.Inventory.Count)));
        }
    }

    private void Order(SimulatedWorker worker, int size) => scenario.Call(call => (size % 4) switch
    {
        0 => new CordonWorker(call, worker.Name),
        1 => new DrainWorker(call, worker.Name, TimeSpan.FromSeconds(size)),
        _ => new UncordonWorker(call, worker.Name),
    });

    private void Gone(int pick)
    {
        if (calls.Count > 0)
        {
            scenario.Do(new CallerGone(calls[pick % calls.Count]));
        }
    }

    private void Confirm(int pick) => WithLease(pick, lease =>
    {
        var worker = workers.Find(known => known.Name == lease.Worker)!;
        scenario.Do(new GrantConfirmed(worker.Session, lease.Sandbox, lease.Fence));
    });

    private void FailOver(int size)
    {
        if (size % 2 == 0)
        {
            scenario.FailOver();
        }
        else
        {
            scenario.FailOverFromSnapshot();
        }

        foreach (var worker in workers)
        {
            scenario.Connect(worker);
        }
    }

    private void Batch(int pick, int size)
    {
        AllocateRequest[] batch = [NewRequest(pick, size) with { MaxWait = default }, scenario.Request(Functions[size % 3], Tenants[pick / 3 % 2])];
        var before = scenario.EntryCount;
        var outcome = scenario.Ask<BatchAnswered>(call => new AllocateBatch(call, batch, Atomic: true));
        var granted = outcome.Outcomes.Count(each => each is Granted);
        Assert.True(granted is 0 or 2, "an atomic batch is granted whole or not at all");
        Assert.True(granted == 2 || !scenario.Since(before).Any(entry => entry.LeaseGranted is not null), "a refused batch journals no grant");
    }

    /// <summary>What a dry run says of a warm sandbox is what an allocation then does.</summary>
    private void Explain(int pick, int size)
    {
        var request = NewRequest(pick, size) with { Count = 1, Client = default, ClientSequence = default, ClientAcknowledged = default, MaxWait = default };
        var before = scenario.EntryCount;
        var explained = scenario.Ask<Explained>(call => new Explain(call, request, AssumeConnected: false));
        Assert.Equal(before, scenario.EntryCount);
        var outcome = scenario.AnswerTo(scenario.Call(call => new Allocate(call, request)));
        if (explained.Verdict == ExplainVerdict.Warm)
        {
            Assert.Equal(explained.Sandbox, Assert.IsType<Granted>(outcome).Leases[0].Sandbox);
        }
        else
        {
            Assert.Equal(explained.Verdict == ExplainVerdict.Cold, outcome is Granted);
        }
    }
}
