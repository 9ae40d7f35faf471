using ControlPlane.Primitives;

namespace ControlPlane.Simulation.Checks;

/// <summary>All gates of all workers, over all their restarts: what a sandbox ran for a token, it never again runs for a lower one.</summary>
internal sealed class GateWatch
{
    private readonly Dictionary<SandboxId, FencingToken> _highest = [];

    /// <summary>A gate lets the holder of a token in.</summary>
    public void Admitted(SandboxId sandbox, FencingToken token)
    {
        if (_highest.TryGetValue(sandbox, out var highest) && token < highest)
        {
            throw new ViolationException("GateOrder", $"{sandbox} runs for token {token} after it ran for {highest}");
        }

        _highest[sandbox] = token;
    }
}
