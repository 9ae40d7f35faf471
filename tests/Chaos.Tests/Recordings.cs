using ControlPlane.Chaos.Recording;

namespace ControlPlane.Chaos.Tests;

/// <summary>Runs that lie beside the tests, and copies of them that a test may write to.</summary>
internal static class Recordings
{
    public static RunRecord Tiny => RunRecord.Load(Open("tiny"));

    public static RunRecord Planted => RunRecord.Load(Open("planted"));

    public static RunDirectory Open(string name) => new(Path.Combine(AppContext.BaseDirectory, "Recorded", name));

    public static RunDirectory CopyOf(string name, string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var file in Directory.GetFiles(Open(name).Path))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }

        return new RunDirectory(directory);
    }

    /// <summary>The run with one thing changed.</summary>
    public static RunRecord With(this RunRecord run, Func<IEnumerable<Operation>, IEnumerable<Operation>>? operations = null, Func<IEnumerable<RunEvent>, IEnumerable<RunEvent>>? events = null) =>
        run with { Operations = [.. (operations?.Invoke(run.Operations) ?? run.Operations).OrderBy(call => call.To)], Events = [.. events?.Invoke(run.Events) ?? run.Events] };
}
