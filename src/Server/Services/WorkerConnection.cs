using System.Threading.Channels;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Server.Answers;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Server.Services;

/// <summary>
/// The plane's side of one worker's stream: orders wait here, in order and bounded, until the worker reads them. A worker that does
/// not read is disconnected, not waited for: the partition never waits for one of its workers, and on the next connection it repeats what still holds.
/// </summary>
internal sealed class WorkerConnection(PartitionId partition) : IWorkerSession
{
    /// <summary>Most orders that wait for a worker: more than all its sandboxes can be told at once.</summary>
    public const int OrdersMax = 4_096;

    private readonly Channel<PlaneMessage> _orders =
        Channel.CreateBounded<PlaneMessage>(new BoundedChannelOptions(OrdersMax) { SingleReader = true });

    // Continuations elsewhere: it is set from the partition's loop.
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The orders, until the session ends.</summary>
    public ChannelReader<PlaneMessage> Orders => _orders.Reader;

    /// <summary>Why the plane ended it, if it refused the worker or gave it up.</summary>
    public Rejection? Rejection { get; private set; }

    /// <summary>True if the worker did not read its orders.</summary>
    public bool IsTooSlow { get; private set; }

    /// <summary>Completes when the plane has ended the session.</summary>
    public Task WaitForEndAsync(CancellationToken cancellation) => _ended.Task.WaitAsync(cancellation);

    /// <inheritdoc/>
    public void Send(WorkerEffect effect)
    {
        if (_ended.Task.IsCompleted)
        {
            return;
        }

        if (effect is CloseSession close)
        {
            Rejection = close.Rejection;
            End();
        }
        else if (!_orders.Writer.TryWrite(effect.ToWire(partition)))
        {
            IsTooSlow = true;
            End();
        }
    }

    private void End()
    {
        _orders.Writer.TryComplete();
        _ended.TrySetResult();
    }
}
