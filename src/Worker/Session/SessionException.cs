namespace ControlPlane.Worker.Session;

/// <summary>A session cannot go on; the next one may.</summary>
internal sealed class SessionException(string message) : Exception(message);
