using ControlPlane.EndToEnd.Tests.Harness;

[assembly: AssemblyFixture(typeof(TestRun))]

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>
/// The directory of a whole run: everything that any test starts names it on its command line or in its environment. When all tests are over no
/// such process may be left; that is itself checked.
/// </summary>
public sealed class TestRun : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("controlplane-e2e-").FullName;
    private int _directories;

    /// <summary>A new directory for one test.</summary>
    public string NewDirectory(string name) =>
        Directory.CreateDirectory(Path.Combine(_root, $"{name}-{Interlocked.Increment(ref _directories)}")).FullName;

    /// <summary>Removes everything, and fails the run if a process was left behind.</summary>
    public async ValueTask DisposeAsync()
    {
        var left = RunningProcesses.Naming(_root).Select(RunningProcesses.Describe).ToList();
        await RunningProcesses.EndAllAsync(_root);
        Directory.Delete(_root, recursive: true);
        Assert.True(left.Count == 0, $"the tests left processes behind: {string.Join("; ", left)}");
    }
}
