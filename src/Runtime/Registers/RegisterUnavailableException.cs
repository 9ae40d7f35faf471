namespace ControlPlane.Runtime.Registers;

/// <summary>The register could not say: what was asked for may or may not have happened. Read again.</summary>
public sealed class RegisterUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
