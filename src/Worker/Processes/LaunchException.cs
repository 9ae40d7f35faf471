namespace ControlPlane.Worker.Processes;

/// <summary>The program could not be started; nothing runs.</summary>
internal sealed class LaunchException(string message) : Exception(message);
