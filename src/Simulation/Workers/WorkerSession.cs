using ControlPlane.Simulation.Nodes;
using ControlPlane.Simulation.Serving;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Effects;

namespace ControlPlane.Simulation.Workers;

/// <summary>A worker's connection to one process of a node: in order, both ways, until either end is gone.</summary>
internal sealed class WorkerSession(World world, SimulatedWorker worker, NodeProcess process, Randomness.DrawStream delays)
{
    private long _lastUp;
    private long _lastDown;

    /// <summary>The name that the process gave it.</summary>
    public SessionId Id { get; set; }

    public bool IsOpen { get; private set; } = true;

    /// <summary>Dials: the process takes the session, or names the node that leads.</summary>
    public void Open(WorkerHello hello) => Up(running =>
    {
        if (!((PartitionUser)running.User).Connect(this, hello))
        {
            var hint = running.KnownWriter is { } writer ? SimulatedNode.IndexOf(writer) : (int?)null;
            Down(process.Host.Now, () => worker.Refused(this, hint));
        }
    });

    public void Say(Func<SessionId, Command> command) => Up(running => ((PartitionUser)running.User).Say(this, command));

    /// <summary>The worker's end closes.</summary>
    public void Close()
    {
        if (IsOpen)
        {
            Up(running => ((PartitionUser)running.User).Disconnect(this), evenIfClosed: true);
            IsOpen = false;
        }
    }

    public void Deliver(WorkerEffect effect, long at) => Down(at, () => worker.Receive(this, effect));

    /// <summary>The process's end is gone.</summary>
    public void Break() => Down(world.Agenda.Now, () => worker.Lost(this));

    private void Up(Action<NodeProcess> action, bool evenIfClosed = false)
    {
        _lastUp = Math.Max(_lastUp + 1, world.Agenda.Now + Delay());
        world.Agenda.At(_lastUp, () =>
        {
            if (process.Host.Process != process)
            {
                worker.Lost(this);
            }
            else if (IsOpen || evenIfClosed)
            {
                process.Host.Post(running =>
                {
                    if (running == process)
                    {
                        action(running);
                    }
                });
            }
        });
    }

    private void Down(long at, Action action)
    {
        _lastDown = Math.Max(_lastDown + 1, at + Delay());
        world.Agenda.At(_lastDown, () =>
        {
            if (IsOpen)
            {
                worker.Do(action);
            }
        });
    }

    private long Delay() => delays.Between(world.Knobs.LatencyUs, 2L * world.Knobs.LatencyUs) * Time.Durations.Microsecond;
}
