using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;

namespace ControlPlane.JournalInspector.Tests;

/// <summary>What a run of the tool wrote, and how it ended.</summary>
internal sealed record InspectorRun(int Exit, string Output, string Error);

/// <summary>Runs the tool in this process, without a terminal.</summary>
internal static class Inspector
{
    public static Task<InspectorRun> RunAsync(params string[] args) => RunAsync(new PhysicalDisk(), args);

    /// <summary>Until it ends by itself or <paramref name="cancellation"/> stops it, as Ctrl-C does.</summary>
    public static Task<int> RunAsync(TextWriter output, CancellationToken cancellation, params string[] args) =>
        InspectorApp.RunAsync(args, new Terminal(output, TextWriter.Null, isInteractive: false, showsProgress: false), new PhysicalDisk(), cancellation);

    public static async Task<InspectorRun> RunAsync(IDisk disk, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exit = await InspectorApp.RunAsync(args, new Terminal(output, error, isInteractive: false, showsProgress: false), disk);
        return new InspectorRun(exit, output.ToString(), error.ToString());
    }
}
