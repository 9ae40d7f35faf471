using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Nodes;
using ControlPlane.Runtime.Cluster;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Replaces a replica while the journal serves, from the node that leads: brings the new replica to hold everything, gives it the old one's vote in
/// the register, and hands the reign over to one whose replicas are the new set. At every moment a majority of the replicas that count holds
/// everything, and each step can be repeated: a replacement that was interrupted, also by a failover, is finished by asking again.
/// </summary>
/// <remarks>Why a new set needs a new reign is told in the replication project's README: the set of a reign never changes.</remarks>
internal sealed class ReplicaReplacing(
    JournalNode node,
    HandOver handOver,
    HostedReplica replica,
    string ownNode,
    IConfigRegister register,
    Func<EngineInput, bool> post,
    TimeProvider time)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan HandOverPatience = TimeSpan.FromSeconds(2);

    /// <summary>For a register that does not answer, and for the new reign to be entered there.</summary>
    private const int Attempts = 10;

    // What may still be on its way when the appends pause for the hand-over.
    private const ulong LagMax = 1_024;

    /// <summary>Runs to the end; cancelled, the new replica is dropped again if it was not a member yet.</summary>
    public async Task<ReplacementProgress> RunAsync(ReplicaReplacement wanted, Action<ReplacementProgress> progress, CancellationToken cancellation)
    {
        ReplacementProgress last;
        var plan = await AskAsync(engine => Plan(wanted, engine.Now));
        try
        {
            await CatchUpAsync(plan, progress, cancellation);
            if (replica.Proposer is { } proposer)
            {
                progress(await AskAsync(_ => Look(plan, ReplacementStage.ChangingVotes)));
                await PersistAsync(() => ChangeVotesAsync(proposer, plan, cancellation), cancellation);
            }

            last = await AskAsync(_ => Look(plan, ReplacementStage.HandingOver));
            progress(last);
            await HandOverAsync(plan);
        }
        catch
        {
            post(new EngineAction(_ => node.RemoveLearner(plan.Joining)));
            throw;
        }

        await ConfirmAsync(plan, cancellation);
        var done = last with { Stage = ReplacementStage.Replaced };
        progress(done);
        return done;
    }

    private Replacement Plan(ReplicaReplacement wanted, TimeSpan now)
    {
        var (members, epoch) = Reigning();
        var joining = Joining(wanted.Joining, members);
        var leaving = Leaving(wanted.Leaving, members);
        node.AddLearner(joining, now);
        return new Replacement(epoch, leaving, joining, replica.NodeNameOf(joining)!, [.. members.Where(member => member != leaving), joining]);
    }

    private ReplicaId Joining(string? name, IReadOnlyList<ReplicaId> members)
    {
        var spares = replica.Known.Where(known => !members.Contains(known) && (name is null || replica.NodeNameOf(known) == name)).ToList();
        return spares switch
        {
            [var only] => only,
            [] when name is null => throw new ReplacementFailedException("no other node keeps a spare replica: start the new node, with an empty data directory, and wait until it is connected"),
            [] => throw new ReplacementFailedException($"node '{name}' keeps no spare replica of this journal, or is not connected: start it with an empty data directory (the name must be among the configured ones)"),
            _ => throw new ReplacementFailedException($"several nodes keep a spare replica ({string.Join(", ", spares.Select(replica.NodeNameOf))}): say which one is to join"),
        };
    }

    private ReplicaId Leaving(string? nameOrId, IReadOnlyList<ReplicaId> members)
    {
        if (nameOrId is not null)
        {
            var named = members.Where(member => NodeOf(member) == nameOrId || member.ToString() == nameOrId).ToList();
            return named is [var one]
                ? one
                : throw new ReplacementFailedException(
                    $"'{nameOrId}' is neither a connected node that keeps a replica of this journal nor a replica's identifier; the replicas are {Describe(members)}");
        }

        var unreached = members.Where(member => NodeOf(member) is null).ToList();
        return unreached switch
        {
            [var only] => only,
            [] => throw new ReplacementFailedException($"every replica is reached, so it must be said which one is to leave; the replicas are {Describe(members)}"),
            _ => throw new ReplacementFailedException($"several replicas cannot be reached, so it must be said which one is to leave; the replicas are {Describe(members)}"),
        };
    }

    private async Task CatchUpAsync(Replacement plan, Action<ReplacementProgress> progress, CancellationToken cancellation)
    {
        while (true)
        {
            var (now, isReady) = await AskAsync(_ => (Look(plan, ReplacementStage.CatchingUp), IsReady(plan)));
            progress(now);
            if (isReady)
            {
                return;
            }

            await Task.Delay(LookInterval, time, cancellation);
        }
    }

    private async Task HandOverAsync(Replacement plan)
    {
        var ended = new TaskCompletionSource<HandOverOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        await AskAsync(engine =>
        {
            handOver.Begin(name: null, plan.NextReplicas, engine.Now + HandOverPatience, ended);
            return true;
        });
        switch (await ended.Task)
        {
            case HandOverOutcome.NoSuccessor:
                throw new ReplacementFailedException("no replica of the new set can take the reign over: none holds everything and is reached");
            case HandOverOutcome.Failed:
                throw new ReplacementFailedException("the reign was not handed over: no successor came to hold everything in time, or it ended in another way; ask again");
            case HandOverOutcome.NotReigning:
                throw new ReplacementFailedException("the reign is being handed over already; ask again at the new leader");
        }
    }

    // Handed over is not yet entered: if the successor fails at once, another opens the next reign, with the old set.
    private Task ConfirmAsync(Replacement plan, CancellationToken cancellation) => PersistAsync(
        async () =>
        {
            var value = await register.ReadAsync(cancellation) ?? throw new InvariantViolationException("the register of a journal that was led is written");
            var current = JournalConfigurationCodec.Decode(value.Bytes.Span).Current!;
            if (current.Epoch > plan.Epoch && !current.Replicas.Contains(plan.Joining))
            {
                throw new ReplacementFailedException("another node came to lead before the replica was replaced; ask again there");
            }

            return current.Epoch > plan.Epoch;
        },
        cancellation);

    private static async Task<bool> ChangeVotesAsync(QuorumConfigRegister proposer, Replacement plan, CancellationToken cancellation)
    {
        await proposer.ChangeAcceptorsAsync(plan.NextReplicas, cancellation);
        return true;
    }

    private async Task PersistAsync(Func<Task<bool>> step, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var why = "the new reign was not entered";
            try
            {
                if (await step())
                {
                    return;
                }
            }
            catch (RegisterUnavailableException unavailable)
            {
                why = unavailable.Message;
            }

            if (attempt == Attempts)
            {
                throw new ReplacementFailedException($"the register did not come to hold the new set: {why}; ask again");
            }

            await Task.Delay(LookInterval, time, cancellation);
        }
    }

    private (IReadOnlyList<ReplicaId> Members, Epoch Epoch) Reigning() =>
        node.Sequencer is not null && handOver.Successor is null && node.Configuration?.Value.Current is { } current
            ? (current.Replicas, current.Epoch)
            : throw new JournalNotLedException(node.Reign is { } reign && reign.Writer != replica.Self ? replica.ClientAddressOf(reign.Writer) : null);

    private ReplacementProgress Look(Replacement plan, ReplacementStage stage)
    {
        Reigning();
        return new ReplacementProgress
        {
            Stage = stage,
            Leaving = plan.Leaving,
            Joining = plan.Joining,
            Node = plan.Node,
            Held = Learner(plan).Durable,
            Last = node.End.Last,
            Snapshot = replica.SnapshotSentTo(plan.Joining),
        };
    }

    private bool IsReady(Replacement plan) =>
        Learner(plan) is { Standing: PeerStanding.Following, IsWhole: true } learner && learner.Durable.Plus(LagMax) >= node.End.Last;

    private PeerProgress Learner(Replacement plan) =>
        node.Peers.FirstOrDefault(peer => peer.Replica == plan.Joining)
            ?? throw new ReplacementFailedException("the new replica was dropped: another replacement is under way; ask again when it has ended");

    private string? NodeOf(ReplicaId member) => member == replica.Self ? ownNode : replica.NodeNameOf(member);

    private string Describe(IReadOnlyList<ReplicaId> members) =>
        string.Join(", ", members.Select(member => $"{member} ({(NodeOf(member) is { } name ? $"on {name}" : "not reached")})"));

    private Task<T> AskAsync<T>(Func<JournalEngine, T> question)
    {
        var asked = new EngineQuestion<T>(question);
        if (!post(asked))
        {
            asked.Drop();
        }

        return asked.Answer;
    }

    private sealed record Replacement(
        Epoch Epoch, ReplicaId Leaving, ReplicaId Joining, string Node, IReadOnlyList<ReplicaId> NextReplicas);
}
