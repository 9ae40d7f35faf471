using System.CommandLine;

namespace ControlPlane.JournalInspector.App;

/// <summary>What every command takes.</summary>
internal static class GlobalOptions
{
    public static Argument<string> Directory { get; } = new("DIR")
    {
        Description = "A journal's directory (register.a, register.b, replica/), or a replica's directory alone.",
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "JSON on standard output, one document a line.",
        Recursive = true,
    };
}
