namespace ControlPlane.Worker.Processes;

/// <summary>What to start, and where.</summary>
/// <param name="Command">Program and arguments; at least the program.</param>
/// <param name="Directory">Absolute; the program starts in it, and a program name without a slash is looked up in it before PATH.</param>
/// <param name="Environment">The whole environment: nothing of the agent's own is inherited.</param>
internal sealed record LaunchSpec(
    IReadOnlyList<string> Command, string Directory, IReadOnlyDictionary<string, string> Environment);
