namespace ControlPlane.Simulation.Disks;

/// <summary>The process ends here: it was killed, or its disk failed it. Nothing behind the call that threw is done.</summary>
internal sealed class CrashException(string why, bool isPowerCut = false) : Exception(why)
{
    /// <summary>True if the power failed: what was not synced is torn.</summary>
    public bool IsPowerCut { get; } = isPowerCut;
}
