using System.Reflection;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>The tool as it was built beside the tests, run as a user runs it.</summary>
internal static class Cpctl
{
    /// <summary>Its assembly.</summary>
    public static string Assembly { get; } = Path.GetFullPath(
        typeof(Cpctl).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "CpctlAssembly").Value!,
        AppContext.BaseDirectory);

    /// <summary>The command line of a run.</summary>
    public static IReadOnlyList<string> CommandLine(params IEnumerable<string> arguments) => [DotnetHost, Assembly, .. arguments];

    /// <summary>Runs it to its end against a plane.</summary>
    public static async Task<CommandResult> RunAsync(string address, params string[] arguments)
    {
        await using var process = CapturedProcess.Start(
            CommandLine(arguments), environment: new Dictionary<string, string> { ["CPCTL_ADDRESS"] = address, ["NO_COLOR"] = "1" });
        return await process.ResultAsync();
    }

    private static string DotnetHost => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } path ? path : "dotnet";
}
