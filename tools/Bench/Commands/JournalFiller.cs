using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Partitions;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Bench.Commands;

/// <summary>Fills a partition's journal through its own loop: grants and releases as many clients would make them, without a network.</summary>
internal sealed class JournalFiller(PartitionHost host) : IWorkerSession
{
    private const int Clients = 256;
    private static readonly FunctionName Function = FunctionName.Create("bench");
    private static readonly TenantName Tenant = TenantName.Create("bench");
    private readonly UInt128 _requests = BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16));
    private readonly List<SessionId> _sessions = [];
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _made;

    /// <summary>Writes at least <paramref name="entries"/> entries; <paramref name="held"/> leases stay held.</summary>
    public async Task FillAsync(int entries, int held, CancellationToken cancellation)
    {
        await ConnectAsync(held + Clients, cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var beating = BeatAsync(ending.Token);
        await CallAsync(new DeployFunction(host.NewCall(), new FunctionDefinition
        {
            Name = Function,
            Command = ["./bootstrap"],
            CodePath = "/",
            MemoryMib = 1,
            Timeout = TimeSpan.FromSeconds(1),
        }), cancellation);

        var target = host.Committed.Value + (ulong)entries;
        long taken = 0;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(
            async () =>
            {
                while (Interlocked.Increment(ref taken) <= held)
                {
                    await AllocateAsync(cancellation);
                }

                while (host.Committed.Value < target)
                {
                    var lease = await AllocateAsync(cancellation);
                    await CallAsync(new Release(host.NewCall(), Tenant, [new HeldLease(lease.Id, lease.Fence)]), cancellation);
                }
            },
            cancellation)));
        await ending.CancelAsync();
        await beating;
        _sessions.ForEach(host.Sessions.Close);
    }

    void IWorkerSession.Send(WorkerEffect effect)
    {
        switch (effect)
        {
            case OpenSession:
                _connected.TrySetResult();
                break;
            case CreateSandbox create:
                host.Post(new SandboxBecameReady(create.Session, create.Sandbox));
                break;
            case Revoke { Acknowledge: true } revoke:
                host.Post(new FloorAcknowledged(revoke.Session, revoke.Sandbox, revoke.Floor));
                break;
        }
    }

    /// <summary>As many workers as the sandboxes need, and those of an earlier filler again: what is held lives on.</summary>
    private async Task ConnectAsync(int sandboxes, CancellationToken cancellation)
    {
        var held = await host.QueryAsync(core => core.State.HeldLeases(SequenceNumber.None).ToLookup(lease => lease.Worker, lease => lease.Sandbox));
        var room = (int)Limits.SandboxesPerWorkerMax;
        var workers = held.Count + ((sandboxes + room - 1) / room);
        for (var i = 0; i < workers; i++)
        {
            var name = WorkerName.Create(string.Create(CultureInfo.InvariantCulture, $"bench-{i}"));
            var session = host.Sessions.Open(this);
            _sessions.Add(session);
            _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            host.Post(new WorkerConnected(session, new WorkerHello(
                name,
                BinaryPrimitives.ReadUInt128BigEndian(RandomNumberGenerator.GetBytes(16)),
                "bench",
                [],
                CapacityMemoryMib: 1_000_000,
                CapacitySandboxes: (uint)room,
                "http://127.0.0.1:1",
                [.. held[name].Select(id => new InventoryItem(id, InventoryState.Ready, SequenceNumber.None))])));
            await _connected.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>A worker that is silent for too long is given up, as a real one would be.</summary>
    private async Task BeatAsync(CancellationToken ending)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (!ending.IsCancellationRequested)
        {
            _sessions.ForEach(session => host.Post(new Heartbeat(session, Cpu: 0, Cores: 1, MemoryUsedMib: 0)));
            await ((Task)timer.WaitForNextTickAsync(ending).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<LeaseView> AllocateAsync(CancellationToken cancellation)
    {
        var number = Interlocked.Increment(ref _made);
        var outcome = await CallAsync(
            new Allocate(host.NewCall(), new AllocateRequest
            {
                Request = new RequestId(_requests + (UInt128)number),
                Client = new ClientId(_requests),
                ClientSequence = new ClientSequence((ulong)number),
                ClientAcknowledged = new ClientSequence((ulong)Math.Max(0, number - (4 * Clients))),
                Tenant = Tenant,
                Function = Function,
                MaxWait = TimeSpan.FromMinutes(1),
                Ttl = TimeSpan.FromHours(1),
            }),
            cancellation);
        return ((Granted)outcome).Leases[0];
    }

    private async Task<Outcome> CallAsync(CallCommand command, CancellationToken cancellation)
    {
        var outcome = await host.CallAsync(command, cancellation);
        return outcome is Refused refused
            ? throw new InvalidOperationException($"The worker manager refused: {refused.Rejection.Reason}: {refused.Rejection.Message}")
            : outcome;
    }
}
