using ControlPlane.Chaos.Load;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>More of what clients do.</summary>
internal sealed class LoadFaults(ChaosLoad load, FaultGround ground) : IFaultFamily
{
    private const double UsualFactor = 4;
    private const int UsualFlooders = 16;

    public IEnumerable<(FaultKind Kind, Func<Strike, Task> StrikeAsync)> Ways =>
    [
        (FaultKind.LoadSpike, strike => CountedAsync(strike, () => load.SpikeAsync(strike.Fault.Factor ?? UsualFactor, strike.LastAsync))),
        (FaultKind.TenantFlood, strike => CountedAsync(strike, () => load.FloodAsync((int)(strike.Fault.Clients ?? UsualFlooders), strike.LastAsync))),
    ];

    private async Task CountedAsync(Strike strike, Func<Task> run)
    {
        var before = ground.Recorder.Operations;
        await run();
        strike.Notes.Add($"{ground.Recorder.Operations - before} operations meanwhile");
    }
}
