using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Answers;
using ControlPlane.Server.Changes;
using ControlPlane.Server.Validation;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>Questions about the past, answered from the journal alone.</summary>
internal sealed class InspectService(ServedPartitions partitions) : Inspect.InspectBase
{
    /// <summary>Most leases of one answer.</summary>
    public const int LeasesMax = 10_000;

    public override async Task<StateAtResponse> StateAt(StateAtRequest request, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var limit = (int)checks.Range("lease_limit", request.LeaseLimit, 0, LeasesMax);
        var partition = partitions.Asked(checks, request.Partition);
        checks.ThrowIfAny();
        var position = request.Position == 0 ? partition.Host.Committed : new SequenceNumber(request.Position);
        return await partition.Past.AskAsync(
            position,
            core =>
            {
                var response = new StateAtResponse
                {
                    Position = core.Applied.Value,
                    StateHash = core.Hash.ToString(),
                    LeaseCount = (ulong)core.State.LeaseCount,
                };
                response.Leases.AddRange(core.State.HeldLeases(SequenceNumber.None).Take(limit).Select(lease => lease.ToWire(position)));
                return response;
            },
            context.CancellationToken);
    }

    public override async Task History(HistoryRequest request, IServerStreamWriter<Change> responseStream, ServerCallContext context)
    {
        var checks = new FieldChecks();
        var subject = HistorySubject.Read(checks, request);
        var partition = request.SubjectCase == HistoryRequest.SubjectOneofCase.RequestId
            ? partitions.Asked(checks, request.Partition)
            : partitions.Of(subject.Partition);
        checks.ThrowIfAny();
        var journal = partition.Host.Journal;
        var end = journal.Committed;
        var from = subject.From < journal.Head ? journal.Head : subject.From;
        var feed = new ChangeFeed(partition.Host, partition.Trimmed, from) { Filter = subject.Concerns };
        while (feed.Next <= end)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            foreach (var change in feed.ReadBatch())
            {
                await responseStream.WriteAsync(change, context.CancellationToken);
            }
        }
    }
}
