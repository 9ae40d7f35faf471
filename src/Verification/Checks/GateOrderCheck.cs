using ControlPlane.Verification.Histories;

namespace ControlPlane.Verification.Checks;

/// <summary>A gate that has run something for a token never again runs anything for a lower one.</summary>
public static class GateOrderCheck
{
    /// <summary>Every invocation that began after one with a higher token had been answered, and was run.</summary>
    public static IEnumerable<Violation> Run(LeaseHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        foreach (var sandbox in history.Of<InvokeOperation>().Where(run => run.Outcome == OperationOutcome.Ok).GroupBy(run => run.Sandbox))
        {
            var completed = sandbox.OrderBy(run => run.Completed).ToList();
            var next = 0;
            InvokeOperation? highest = null;
            foreach (var run in sandbox)
            {
                for (; completed[next].Precedes(run); next++)
                {
                    highest = highest is null || completed[next].Fence.Position > highest.Fence.Position ? completed[next] : highest;
                }

                if (highest is not null && run.Fence.Position < highest.Fence.Position)
                {
                    yield return new Violation(
                        nameof(GateOrderCheck),
                        $"{sandbox.Key} ran for token {run.Fence} at {Times.Show(run.Invoked)}, after it had run for {highest.Fence}");
                }
            }
        }
    }
}
