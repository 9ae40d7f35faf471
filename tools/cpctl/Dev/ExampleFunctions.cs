using ControlPlane.Client;

namespace ControlPlane.Cpctl;

/// <summary>Deploys the example functions that lie beside the program, as far as this machine can run them.</summary>
internal static class ExampleFunctions
{
    private static string Root => Path.Combine(AppContext.BaseDirectory, "examples");

    /// <summary>The names that are deployed now; what is skipped is noted with its reason.</summary>
    public static async Task<IReadOnlyList<string>> DeployAsync(OperatorClient plane, Action<string> note, CancellationToken cancellation)
    {
        var deployed = new List<string>();
        string[] directories = Directory.Exists(Root) ? Directory.GetDirectories(Root) : [];
        foreach (var directory in directories.Order(StringComparer.Ordinal))
        {
            var manifest = FunctionManifest.Load(directory);
            if (manifest.Requires.FirstOrDefault(program => !IsOnPath(program)) is { } missing)
            {
                note($"{manifest.Name} is skipped: {missing} is not on PATH");
                continue;
            }

            await plane.DeployFunctionAsync(manifest.ToRequest(), cancellation);
            deployed.Add(manifest.Name!);
        }

        return deployed;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));
}
