using ControlPlane.Primitives;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>Whom a Runtime API connection speaks for.</summary>
/// <param name="Sandbox">The sandbox.</param>
/// <param name="FunctionArn">The function's name in the form that runtimes expect.</param>
internal sealed record SandboxIdentity(SandboxId Sandbox, string FunctionArn);
