using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Cluster;

/// <summary>
/// Begins a journal among several nodes, at the one node that does: once every founder is connected and keeps a fresh replica, and the register was
/// never written. Nothing that a crash interrupts needs to be undone: the register decides, and founding the same again is harmless.
/// </summary>
internal sealed class Formation(
    ReplicaGroup group, HostedReplica replica, IConfigRegister register, Func<EngineInput, bool> post, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private Task _forming = Task.CompletedTask;

    /// <summary>Begins to look; does nothing on a node that founds nothing, or whose replica is part of a journal.</summary>
    public void Begin()
    {
        if (group.Founders.Count > 0 && replica.Greeting.IsFresh)
        {
            _forming = Task.Run(FormAsync);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _forming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task FormAsync()
    {
        using var look = new PeriodicTimer(LookInterval, time);
        while (await look.WaitForNextTickAsync(_stop.Token))
        {
            if (FreshReplicas() is not { } founders)
            {
                continue;
            }

            try
            {
                if (replica.Proposer is { } quorum)
                {
                    await quorum.FoundAsync(founders, _stop.Token);
                }

                if (await register.ReadAsync(_stop.Token) is null)
                {
                    post(new EngineAction(engine => engine.Found(founders)));
                }

                return;
            }
            catch (RegisterUnavailableException)
            {
                // Somebody has gone meanwhile: look again.
            }
            catch (InvalidOperationException)
            {
                // A replica has other acceptors: it is of a journal that exists, and this one is a spare.
                return;
            }
        }
    }

    private List<ReplicaId>? FreshReplicas()
    {
        var founders = new List<ReplicaId> { replica.Self };
        var connected = group.Router.Neighbours;
        foreach (var node in group.Founders.Where(name => name != group.Router.Node))
        {
            var kept = connected.FirstOrDefault(greeting => greeting.Node == node)?.Replicas.FirstOrDefault(one => one.Journal == group.Journal);
            if (kept is not { IsFresh: true })
            {
                return null;
            }

            founders.Add(kept.Replica);
        }

        return founders;
    }
}
