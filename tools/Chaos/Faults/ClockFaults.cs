using ControlPlane.Chaos.Nodes;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>Clocks of nodes that can be told to be wrong.</summary>
internal sealed class ClockFaults : IFaultFamily
{
    private const double UsualRate = 1.5;

    public IEnumerable<(FaultKind Kind, Func<Strike, Task> StrikeAsync)> Ways =>
    [
        (FaultKind.ClockJump, strike => TellAllAsync(strike, NodeOrders.ClockJumps(strike.Fault.By!.Value))),
        (FaultKind.ClockDrift, strike => RunAtAsync(strike, strike.Fault.Rate ?? UsualRate)),
        (FaultKind.ClockFreeze, strike => RunAtAsync(strike, 0)),
    ];

    private static async Task RunAtAsync(Strike strike, double rate)
    {
        await TellAllAsync(strike, NodeOrders.ClockRuns(rate));
        await strike.LastAsync();
        await TellAllAsync(strike, NodeOrders.ClockRuns(1));
    }

    private static async Task TellAllAsync(Strike strike, string order)
    {
        foreach (var member in strike.Targets)
        {
            if (!await member.TellAsync(order))
            {
                strike.Notes.Add($"{member.Name} does not listen");
            }
        }
    }
}
