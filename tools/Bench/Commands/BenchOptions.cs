using System.CommandLine;

namespace ControlPlane.Bench.Commands;

/// <summary>Options that several commands have.</summary>
internal static class BenchOptions
{
    public static Option<string> Data() => new("--data")
    {
        Description = "Where to put the journal: the disk that is measured. A new directory is made in it, and removed.",
        DefaultValueFactory = _ => Path.GetTempPath(),
    };

    public static Option<double> Seconds(double standard) => new("--seconds")
    {
        Description = "How long each measurement lasts.",
        DefaultValueFactory = _ => standard,
    };

    public static Option<double> WarmUp() => new("--warm-up")
    {
        Description = "Seconds of load before anything is measured; tiered compilation needs about ten.",
        DefaultValueFactory = _ => 10,
    };

    public static Option<bool> Json() => new("--json") { Description = "Figures as JSON on standard output, nothing else." };
}
