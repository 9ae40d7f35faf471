using System.CommandLine;
using ControlPlane.Server;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Cpctl;

/// <summary>A node in this process, until it is told to stop: the options of every command that runs one.</summary>
internal sealed class NodeRun
{
    /// <summary>For a program that starts nodes: they end with it, however it ends.</summary>
    public const string UntilStdinCloses = "--until-stdin-closes";

    private readonly Option<bool> _untilStdinCloses = new(UntilStdinCloses) { Description = "Stop when standard input is closed.", Hidden = true };
    private readonly Option<string> _config = new("--config", "-c") { Description = "A JSON file; ./controlplane.json is read if it is there.", HelpName = "FILE" };
    private readonly Option<string> _listen = Key("--listen", NodeKeys.Listen, "HOST:PORT");
    private readonly Option<string> _data = Key("--data", NodeKeys.DataDirectory, "DIR");
    private readonly Option<string> _name = Key("--name", NodeKeys.Name, "NAME");
    private readonly Option<bool> _dangerously = new("--dangerously-serve-plaintext-to-the-network") { Description = TransportKeys.DangerouslyServePlaintextToTheNetwork.Meaning };

    public Option[] Options => [_config, _listen, _data, _name, _dangerously, _untilStdinCloses];

    /// <summary>Runs it. <paramref name="further"/> are keys that the command sets by itself; they win like the other options.</summary>
    public async Task<ExitCode> RunAsync(CommandContext context, params IEnumerable<KeyValuePair<string, string?>> further)
    {
        var options = NodeConfiguration.Load(
            context.Get(_config),
            [
                new(NodeKeys.Listen.Path, context.Get(_listen)),
                new(NodeKeys.DataDirectory.Path, context.Get(_data)),
                new(NodeKeys.Name.Path, context.Get(_name)),
                new(TransportKeys.TlsCertificate.Path, context.OnCommandLine(TlsOptions.Cert)),
                new(TransportKeys.TlsKey.Path, context.OnCommandLine(TlsOptions.Key)),
                new(TransportKeys.TlsCa.Path, context.OnCommandLine(TlsOptions.Ca)),
                new(TransportKeys.DangerouslyServePlaintextToTheNetwork.Path, context.Get(_dangerously) ? "true" : null),
                .. further,
            ]);
        ListenAddress.RequireFree(options.Listen, "Stop it, or choose another address with --listen.");
        var node = ControlPlaneNode.Build(options, builder =>
        {
            StderrLogging.Apply(builder.Logging, LogLevel.Information);
            CommandLifetime.Apply(builder.Services);
        });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        if (context.Get(_untilStdinCloses))
        {
            _ = StopAtEndOfInputAsync(stop);
        }

        return (ExitCode)(int)await ControlPlaneNode.RunAsync(node, stop.Token);
    }

    private static async Task StopAtEndOfInputAsync(CancellationTokenSource stop)
    {
        var input = Console.OpenStandardInput();
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored) > 0)
        {
            // Nothing is expected: only its end says something.
        }

        await stop.CancelAsync();
    }

    private static Option<string> Key(string option, ConfigurationKey key, string helpName) =>
        new(option) { Description = $"{key.Meaning} Default: {key.Default}.", HelpName = helpName };
}
