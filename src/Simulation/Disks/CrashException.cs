namespace ControlPlane.Simulation.Disks;

/// <summary>The process ends here: it was killed, or its disk failed it. Nothing behind the call that threw is done.</summary>
internal sealed class CrashException(string why) : Exception(why);
