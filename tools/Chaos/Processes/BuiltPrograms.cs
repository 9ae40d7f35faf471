namespace ControlPlane.Chaos.Processes;

/// <summary>The command lines of the programs that were built beside this one.</summary>
internal static class BuiltPrograms
{
    /// <summary>The control plane's own tool, which runs nodes and workers.</summary>
    public static IReadOnlyList<string> Cpctl(params IEnumerable<string> arguments) => [.. Program("cpctl"), .. arguments];

    /// <summary>The journal inspector.</summary>
    public static IReadOnlyList<string> Inspector(params IEnumerable<string> arguments) => [.. Program("journal-inspector"), .. arguments];

    /// <summary>This program.</summary>
    public static IReadOnlyList<string> Chaos(params IEnumerable<string> arguments) => [.. Program("controlplane-chaos"), .. arguments];

    /// <summary>In a session of its own, so that a signal to the terminal's programs (Ctrl-C) does not reach it.</summary>
    public static IReadOnlyList<string> InOwnSession(IReadOnlyList<string> commandLine) =>
        Find("setsid") is { } setsid ? [setsid, .. commandLine] : commandLine;

    /// <summary>Where a program of the system lies; null if it is not on PATH.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Append("/usr/sbin").Append("/sbin")
        .Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);

    private static IReadOnlyList<string> Program(string name)
    {
        var host = Path.Combine(AppContext.BaseDirectory, name);
        return File.Exists(host) ? [host] : [Find("dotnet") ?? "dotnet", $"{host}.dll"];
    }
}
