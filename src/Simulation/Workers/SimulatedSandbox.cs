using ControlPlane.Primitives;

namespace ControlPlane.Simulation.Workers;

/// <summary>A sandbox on a worker, and its gate.</summary>
internal sealed class SimulatedSandbox(SandboxId id)
{
    public SandboxId Id { get; } = id;

    public SimulatedGate Gate { get; } = new(SequenceNumber.None);

    public bool IsReady { get; set; }

    /// <summary>False while it is quarantined: the plane does not know it.</summary>
    public bool IsServed { get; set; } = true;
}
