using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl function deploy</c>: what <c>function.json</c> says, with what the command line says on top.</summary>
internal static class FunctionDeployCommand
{
    public static CpctlCommand Build(Terminal terminal)
    {
        var directory = new Argument<string>("DIR") { Description = "Directory of the code, as the workers see it: with a `bootstrap` program or a function.json." };
        var name = new Option<string>("--name") { Description = "Instead of function.json's or the directory's name.", HelpName = "NAME" };
        var warm = new Option<uint>("--warm") { Description = "Free sandboxes to keep ready.", HelpName = "N" };
        var reserved = new Option<uint>("--reserved-concurrency") { Description = "Set aside for the function, and its cap; 0 = neither.", HelpName = "N" };
        var memory = new Option<uint>("--memory") { Description = "Memory of a sandbox in MiB.", HelpName = "MIB" };
        var timeout = new Option<Duration>("--function-timeout") { Description = "Longest time of one invocation.", HelpName = "TIME", CustomParser = Duration.Parse };
        var environment = new Option<string[]>("--env", "-e") { Description = "A variable NAME=VALUE; may be repeated.", HelpName = "NAME=VALUE" };
        environment.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"'{token.Value}' is not NAME=VALUE");
            }
        });
        return new CpctlCommand(
            "deploy",
            "Makes a function, or its next version, allocatable. Deploying what is already there changes nothing.",
            "cpctl function deploy ./echo-sh --warm 4",
            "cpctl function deploy ./resize --name resize --memory 512 --function-timeout 1m -e MODE=fast")
            .With(directory, name, warm, reserved, memory, timeout, environment)
            .Does(terminal, async context =>
            {
                var manifest = FunctionManifest.Load(context.Get(directory));
                manifest = manifest with
                {
                    Name = context.Get(name) ?? manifest.Name,
                    WarmTarget = context.Has(warm) ? context.Get(warm) : manifest.WarmTarget,
                    ReservedConcurrency = context.Has(reserved) ? context.Get(reserved) : manifest.ReservedConcurrency,
                    MemoryMib = context.Has(memory) ? context.Get(memory) : manifest.MemoryMib,
                    TimeoutMs = context.Has(timeout) ? (uint)context.Get(timeout).Value.TotalMilliseconds : manifest.TimeoutMs,
                    Environment = Merged(manifest.Environment, context.Get(environment) ?? []),
                };
                var response = await context.Operator.DeployFunctionAsync(manifest.ToRequest(), context.Cancellation);
                context.Show(FunctionView.Of(response.Function, response.Unchanged));
            });
    }

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> manifest, string[] variables)
    {
        var merged = new Dictionary<string, string>(manifest);
        foreach (var variable in variables)
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            merged[variable[..equals]] = variable[(equals + 1)..];
        }

        return merged;
    }
}
