using System.Reflection;
using System.Threading.Channels;
using ControlPlane.Protocol.V1;
using ControlPlane.Replication.Nodes;
using ControlPlane.Runtime.Journals;
using ControlPlane.Security;
using ControlPlane.Server.Answers;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Hosting;
using ControlPlane.Server.Validation;
using ControlPlane.WorkerManager.Outcomes;
using Grpc.Core;
using Commands = ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Services;

/// <summary>What operators do. A change holds durably when it is answered.</summary>
internal sealed class OperatorService(ServedPartitions partitions, HostedJournals journals, NodeOptions options, TimeProvider time, TlsSettings? tls = null) : Operator.OperatorBase
{
    private static readonly string Version =
        typeof(OperatorService).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(2);

    private readonly long _started = time.GetTimestamp();

    public override async Task<DeployFunctionResponse> DeployFunction(DeployFunctionRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var definition = FunctionRequests.Deploy(checks, request);
        checks.ThrowIfAny();
        var deployed = await partitions.Of(definition.Name).Calls.CallAsync<DeployAnswered>(call => new Commands.DeployFunction(call, definition), context);
        return new DeployFunctionResponse { Function = deployed.Function.ToWire(), Unchanged = deployed.Unchanged };
    }

    public override async Task<ListFunctionsResponse> ListFunctions(ListFunctionsRequest request, ServerCallContext context)
    {
        var functions = await Asked(request.Partition).ReadAsync(request.MinPosition, core => core.State.Functions(request.AllVersions).ToList(), context);
        return new ListFunctionsResponse { Functions = { functions.Select(function => function.ToWire()) } };
    }

    public override async Task<DeleteFunctionResponse> DeleteFunction(DeleteFunctionRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var name = checks.Function("name", request.Name);
        checks.ThrowIfAny();
        await partitions.Of(name).Calls.CallAsync<Done>(call => new Commands.DeleteFunction(call, name), context);
        return new DeleteFunctionResponse();
    }

    public override async Task<ListWorkersResponse> ListWorkers(ListWorkersRequest request, ServerCallContext context)
    {
        var workers = await Asked(request.Partition).ReadAsync(request.MinPosition, core => core.State.Workers().ToList(), context);
        return new ListWorkersResponse { Workers = { workers.Select(worker => worker.ToWire()) } };
    }

    public override async Task<CordonWorkerResponse> CordonWorker(CordonWorkerRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var name = checks.Worker("name", request.Name);
        var calls = partitions.Asked(checks, request.Partition).Calls;
        checks.ThrowIfAny();
        await calls.CallAsync<Done>(call => new Commands.CordonWorker(call, name), context);
        return new CordonWorkerResponse();
    }

    public override async Task<UncordonWorkerResponse> UncordonWorker(UncordonWorkerRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var name = checks.Worker("name", request.Name);
        var calls = partitions.Asked(checks, request.Partition).Calls;
        checks.ThrowIfAny();
        await calls.CallAsync<Done>(call => new Commands.UncordonWorker(call, name), context);
        return new UncordonWorkerResponse();
    }

    public override async Task<DrainWorkerResponse> DrainWorker(DrainWorkerRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var (name, deadline) = (checks.Worker("name", request.Name), OperatorRequests.DrainDeadline(checks, request));
        var calls = partitions.Asked(checks, request.Partition).Calls;
        checks.ThrowIfAny();
        await calls.CallAsync<Done>(call => new Commands.DrainWorker(call, name, deadline), context);
        return new DrainWorkerResponse();
    }

    public override async Task<SetTenantLimitResponse> SetTenantLimit(SetTenantLimitRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var tenant = checks.Tenant("tenant", request.Tenant);
        var calls = partitions.Asked(checks, request.Partition).Calls;
        checks.ThrowIfAny();
        await calls.CallAsync<Done>(call => new Commands.SetTenantLimit(call, tenant, request.LeaseLimit), context);
        return new SetTenantLimitResponse();
    }

    public override async Task<GetTenantResponse> GetTenant(GetTenantRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var tenant = checks.Tenant("tenant", request.Tenant);
        var calls = partitions.Asked(checks, request.Partition).Calls;
        checks.ThrowIfAny();
        var (known, limit, inUse) = await calls.ReadAsync(
            request.MinPosition, core => (core.State.TryGetTenantUse(tenant, out var leaseLimit, out var used), leaseLimit, used), context);
        return known
            ? new GetTenantResponse { Tenant = request.Tenant, LeaseLimit = limit, InUse = (uint)inUse }
            : throw Refusals.UnknownTenant(tenant);
    }

    public override async Task<Settings> GetSettings(GetSettingsRequest request, ServerCallContext context) =>
        (await Asked(request.Partition).ReadAsync(request.MinPosition, core => core.State.Settings, context)).ToWire(request.Partition);

    public override async Task<Settings> SetSettings(Settings request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var settings = OperatorRequests.Settings(checks, request);
        var calls = partitions.Asked(checks, request.Partition).Calls;
        checks.ThrowIfAny();
        await calls.CallAsync<Done>(call => new Commands.SetSettings(call, settings), context);
        return settings.ToWire(request.Partition);
    }

    public override async Task<TakeSnapshotResponse> TakeSnapshot(TakeSnapshotRequest request, ServerCallContext context)
    {
        var taken = await Asked(request.Partition).Partition.TakeSnapshotAsync(context.CancellationToken);
        return new TakeSnapshotResponse
        {
            Position = taken.Position.Value,
            Bytes = (ulong)taken.Bytes,
            StateHash = new WorkerManager.StateHash(taken.StateHash).ToString(),
        };
    }

    public override async Task<GetStatusResponse> GetStatus(GetStatusRequest request, ServerCallContext context)
    {
        var calls = Asked(request.Partition);
        var journal = calls.Partition.Journal;
        var status = await calls.QueryAsync(core => StatusOf(core, journal), context);
        var counters = journal.Counters;
        status.Node = options.Name;
        status.Version = Version;
        status.Partition = request.Partition;
        status.Partitions = (uint)partitions.Map.Count;
        status.Epoch = journal.Epoch.Value;
        status.Head = journal.Head.Value;
        status.Committed = journal.Committed.Value;
        status.Snapshot = calls.Partition.Snapshot.Value;
        status.EntriesAppended = (ulong)counters.Entries;
        status.BytesAppended = (ulong)counters.Bytes;
        status.Flushes = (ulong)counters.Flushes;
        status.UptimeMs = (long)time.GetElapsedTime(_started).TotalMilliseconds;
        status.Durability = journal.Durability();
        status.JournalId = journal.Id.ToString();
        status.DataDirectory = options.DataDirectory;
        status.Transport = TransportNotice.Describe(options);
        status.CertificateValidUntilMs = tls?.Current.ValidUntil.ToUnixTimeMilliseconds() ?? 0;
        return status;
    }

    public override async Task<HandOverResponse> HandOver(HandOverRequest request, ServerCallContext context)
    {
        var journal = await LedJournalAsync(request, context);
        return await journal.HandOverAsync(request.Node.Length == 0 ? null : request.Node, HandOverPatience) switch
        {
            HandOverOutcome.HandedOver => new HandOverResponse { Leader = await LeaderOfAsync(request, context) },
            HandOverOutcome.NotReigning => throw Refusals.NotLeader(null),
            _ => throw Refusals.NoSuccessor(request.Node),
        };
    }

    public override async Task ReplaceReplica(
        ReplaceReplicaRequest request, IServerStreamWriter<ReplaceReplicaProgress> responseStream, ServerCallContext context)
    {
        var journal = journals.FindOrFirst(request.Journal).Engine;
        var wanted = new ReplicaReplacement(NullIfEmpty(request.Remove), NullIfEmpty(request.Add));

        // Only the newest counts: a caller that reads slowly holds nothing up.
        var progress = Channel.CreateBounded<ReplacementProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var replacing = ReplaceAsync(journal, wanted, progress.Writer, context.CancellationToken);
        await foreach (var step in progress.Reader.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(step.ToWire(), context.CancellationToken);
        }

        await replacing;
    }

    private static async Task ReplaceAsync(
        JournalEngine journal, ReplicaReplacement wanted, ChannelWriter<ReplacementProgress> progress, CancellationToken cancellation)
    {
        try
        {
            await journal.ReplaceReplicaAsync(wanted, step => progress.TryWrite(step), cancellation);
        }
        catch (ReplacementFailedException refused)
        {
            throw Refusals.NoReplacement(refused.Message);
        }
        catch (JournalNotLedException refused)
        {
            throw Refusals.NotLeader(refused.Leader);
        }
        catch (JournalFailedException)
        {
            throw Refusals.OutcomeUnknown();
        }
        finally
        {
            progress.Complete();
        }
    }

    private async ValueTask<JournalEngine> LedJournalAsync(HandOverRequest request, ServerCallContext context)
    {
        if (request.Journal.Length > 0 && journals.Find(request.Journal) is { Host: not null } journal)
        {
            var (leads, leader) = await journal.AskAsync(engine => (engine.Leads, engine.LeaderAddress), context);
            return leads ? journal.Engine : throw Refusals.NotLeader(leader);
        }

        var calls = PartitionOf(request);
        await calls.ThrowUnlessLeadingAsync(context);
        return calls.Partition.Journal;
    }

    private async ValueTask<string> LeaderOfAsync(HandOverRequest request, ServerCallContext context) =>
        request.Journal.Length > 0 && journals.Find(request.Journal) is { Host: not null } journal
            ? await journal.AskAsync(engine => engine.LeaderAddress ?? "", context)
            : await PartitionOf(request).LeaderAsync(context);

    private PartitionCalls PartitionOf(HandOverRequest request) =>
        request.Journal.Length > 0 && journals.Find(request.Journal).Partition is { } partition ? partition.Calls : Asked(request.Partition);

    private PartitionCalls Asked(uint partition)
    {
        var checks = new FieldChecks();
        var calls = partitions.Asked(checks, partition).Calls;
        checks.ThrowIfAny();
        return calls;
    }

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;

    private static GetStatusResponse StatusOf(WorkerManager.WorkerManagerCore core, JournalEngine journal) => new()
    {
        Role = journal.Leads ? "leader" : journal.Role == NodeRole.Opener ? "candidate" : "follower",
        Leader = journal.LeaderAddress ?? "",
        Replicas = { journal.Peers.Select(peer => peer.ToWire(journal)), journal.Spares.Select(spare => spare.ToWire(journal)) },
        StateHash = core.Hash.ToString(),
        Leases = (ulong)core.State.LeaseCount,
        Sandboxes = (ulong)core.State.SandboxCount,
        Workers = (ulong)core.State.WorkerCount,
        Functions = (ulong)core.State.FunctionCount,
        Tenants = (ulong)core.State.TenantCount,
        Waiting = (ulong)core.State.WaitingCount,
    };
}
