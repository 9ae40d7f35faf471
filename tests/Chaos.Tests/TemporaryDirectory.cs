namespace ControlPlane.Chaos.Tests;

/// <summary>A directory of its own for a test; nothing of it is left.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("controlplane-chaos-tests-").FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
