using System.CommandLine;

namespace ControlPlane.JournalInspector.App;

/// <summary>What every command takes.</summary>
internal static class GlobalOptions
{
    private const int DirectoriesMax = 16;

    public static Argument<string> Directory { get; } = new("DIR")
    {
        Description = "A journal's directory (register.a, register.b, replica/), or a replica's directory alone.",
    };

    /// <summary>Of a command that compares.</summary>
    public static Argument<string[]> Directories { get; } = new("DIR")
    {
        Description = "Directories of replicas of one journal, as for the other commands.",
        Arity = new ArgumentArity(2, DirectoriesMax),
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "JSON on standard output, one document a line.",
        Recursive = true,
    };
}
