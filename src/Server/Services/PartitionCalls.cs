using ControlPlane.Primitives;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Server.Errors;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>
/// Carries calls to the partition. A call whose caller has gone or whose deadline has passed is dropped before anything is
/// journaled; after a fail stop nothing is answered, not even an error: the connection is cut, and the caller asks again.
/// </summary>
internal sealed class PartitionCalls(PartitionHost partition, PartitionMap map, TimeProvider time)
{
    /// <summary>How long a call or a worker waits at a node that is about to lead, before it is sent away: less than either waits for an answer.</summary>
    private static readonly TimeSpan CandidatePatience = TimeSpan.FromSeconds(1);

    /// <summary>The partition.</summary>
    public PartitionHost Partition { get; } = partition;

    /// <summary>Steps a command; a refusal of the whole call is thrown.</summary>
    public async ValueTask<TOutcome> CallAsync<TOutcome>(Func<CallId, CallCommand> make, ServerCallContext context)
        where TOutcome : Outcome
    {
        var outcome = await CallAsync(make, context);
        return outcome is Refused refused ? throw refused.Rejection.ToRpcException() : (TOutcome)outcome;
    }

    /// <summary>Steps a command; a refusal is returned.</summary>
    public async ValueTask<Outcome> CallAsync(Func<CallId, CallCommand> make, ServerCallContext context)
    {
        ThrowIfTooLate(context);
        try
        {
            while (true)
            {
                var outcome = await Partition.CallAsync(make(Partition.NewCall()), context.CancellationToken);
                if (outcome is not Refused { Rejection: { Reason: RejectionReason.NotLeader } elsewhere })
                {
                    return outcome;
                }

                // Of a whole call, even if it is one of several: its siblings fare no better, and the leader answers again what was granted.
                if (!await Partition.LeadsSoonAsync(CandidatePatience, time, context.CancellationToken))
                {
                    throw NotLeader(elsewhere.Metadata.Single(figure => figure.Key == "leader").Value);
                }
            }
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw Refusals.DeadlineBeforeAppend();
        }
        catch (PartitionDeposedException)
        {
            throw Refusals.OutcomeUnknown(await LeaderAsync(context));
        }
        catch (Exception fault) when (fault is not RpcException && Partition.Completion.IsCompleted)
        {
            throw CutOff.Call(context);
        }
    }

    /// <summary>
    /// Reads as the contract's <c>min_position</c> says: 0, the newest state, of the leader only; else the state of any node, once it has applied the position.
    /// </summary>
    public async ValueTask<T> ReadAsync<T>(ulong minPosition, Func<WorkerManagerCore, T> query, ServerCallContext context)
    {
        ThrowIfTooLate(context);
        if (minPosition == 0)
        {
            return await QueryAsync(query, ReadFrom.Leader, context);
        }

        try
        {
            // A question that is posted behind a commit is answered behind it, too.
            await Partition.Journal.WaitForCommitAsync(new SequenceNumber(minPosition), context.CancellationToken);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw Refusals.DeadlineBeforeAppend();
        }

        return await QueryAsync(query, ReadFrom.Anyone, context);
    }

    /// <summary>Asks the state, whoever leads; the answer is true at a committed position.</summary>
    public ValueTask<T> QueryAsync<T>(Func<WorkerManagerCore, T> query, ServerCallContext context) => QueryAsync(query, ReadFrom.Anyone, context);

    private async ValueTask<T> QueryAsync<T>(Func<WorkerManagerCore, T> query, ReadFrom from, ServerCallContext context)
    {
        ThrowIfTooLate(context);
        try
        {
            return await Partition.QueryAsync(query, from);
        }
        catch (PartitionNotLedException elsewhere)
        {
            throw NotLeader(elsewhere.Leader);
        }
        catch (PartitionDeposedException)
        {
            // A question changes nothing: the new leader can be asked it.
            throw NotLeader(null);
        }
        catch (PartitionFailedException) when (!Partition.Completion.IsCompleted)
        {
            throw Refusals.Overloaded("mailbox", Partition.Options.MailboxMax);
        }
        catch (Exception fault) when (fault is not RpcException && Partition.Completion.IsCompleted)
        {
            throw CutOff.Call(context);
        }
    }

    /// <summary>For what is no single call, such as a worker's session: refuses it, and names the leader, unless this node leads.</summary>
    public async ValueTask ThrowUnlessLeadingAsync(ServerCallContext context)
    {
        bool leads;
        try
        {
            leads = await Partition.LeadsSoonAsync(CandidatePatience, time, context.CancellationToken);
        }
        catch (PartitionFailedException) when (Partition.Completion.IsCompleted)
        {
            throw CutOff.Call(context);
        }

        if (!leads)
        {
            throw NotLeader(await LeaderAsync(context));
        }
    }

    /// <summary>Where clients reach the leader, as far as this node knows; empty if it does not.</summary>
    public async ValueTask<string> LeaderAsync(ServerCallContext context)
    {
        var journal = Partition.Journal;
        return Partition.Successor ?? await QueryAsync(_ => journal.LeaderAddress ?? "", context);
    }

    /// <summary>What a caller is told who should ask another node.</summary>
    public RpcException NotLeader(string? leader) =>
        Refusals.NotLeader(string.IsNullOrEmpty(leader) ? null : leader, Partition.Options.Partition, map);

    private void ThrowIfTooLate(ServerCallContext context)
    {
        if (context.CancellationToken.IsCancellationRequested || context.Deadline <= time.GetUtcNow().UtcDateTime)
        {
            throw Refusals.DeadlineBeforeAppend();
        }
    }
}
