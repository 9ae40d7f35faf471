using ControlPlane.Primitives;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Runtime.Reading;
using ControlPlane.Server.Errors;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;
using Commands = ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Services;

/// <summary>
/// Answers questions about the past from a state that is rebuilt from the journal. Such a state takes memory and time like the
/// live one, so one exists at a time; whoever comes meanwhile is told that it is overloaded.
/// </summary>
internal sealed class PastStates(PartitionHost partition) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Rebuilds the state behind <paramref name="position"/> and asks it.</summary>
    public async Task<T> AskAsync<T>(SequenceNumber position, Func<WorkerManagerCore, T> question, CancellationToken cancellation)
    {
        var tail = partition.Committed.Next;
        if (position >= tail)
        {
            throw Refusals.BeyondTail(position, tail);
        }

        if (!await _one.WaitAsync(TimeSpan.Zero, cancellation))
        {
            throw Refusals.Overloaded("rebuild", 1);
        }

        try
        {
            return await Task.Run(() => question(partition.Rebuild(position)), cancellation);
        }
        catch (PositionTrimmedException trimmed)
        {
            throw Refusals.Trimmed(position, trimmed.Head);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What an allocation would have done behind <paramref name="position"/>.</summary>
    public async Task<Explained> ExplainAsync(SequenceNumber position, Commands.AllocateRequest request, CancellationToken cancellation)
    {
        var outcome = await AskAsync(position, core => Explain(core, request), cancellation);
        return outcome is Refused refused ? throw refused.Rejection.ToRpcException() : (Explained)outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private static Outcome Explain(WorkerManagerCore core, Commands.AllocateRequest request)
    {
        var output = new StepOutput();
        core.Step(new Commands.Explain(default, request, AssumeConnected: true), core.State.Time, output);
        return output.Effects.OfType<Reply>().Single().Outcome;
    }
}
