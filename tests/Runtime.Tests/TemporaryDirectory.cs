namespace ControlPlane.Runtime.Tests;

/// <summary>A directory of a test's own, gone afterwards.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("controlplane-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
