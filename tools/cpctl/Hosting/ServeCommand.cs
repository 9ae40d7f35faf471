using System.CommandLine;
using ControlPlane.Server;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl serve</c>: a node without a worker.</summary>
internal static class ServeCommand
{
    /// <summary>For a program that starts nodes: they end with it, however it ends.</summary>
    public const string UntilStdinCloses = "--until-stdin-closes";

    public static Command Build(Terminal terminal)
    {
        var untilStdinCloses = new Option<bool>(UntilStdinCloses) { Description = "Stop when standard input is closed.", Hidden = true };
        var config = new Option<string>("--config", "-c") { Description = "A JSON file; ./controlplane.json is read if it is there.", HelpName = "FILE" };
        var listen = Key("--listen", NodeKeys.Listen, "HOST:PORT");
        var data = Key("--data", NodeKeys.DataDirectory, "DIR");
        var name = Key("--name", NodeKeys.Name, "NAME");
        var dangerously = new Option<bool>("--dangerously-serve-plaintext-to-the-network") { Description = TransportKeys.DangerouslyServePlaintextToTheNetwork.Meaning };
        return new CpctlCommand(
            "serve",
            "Runs a node of the control plane until it is told to stop. Configured by a file, the environment (CONTROLPLANE__LISTEN and so on) and these options; the later win. --cert, --key and --ca make it speak mutual TLS; files for callers in the environment do not.",
            "cpctl serve --data /var/lib/controlplane",
            "cpctl serve --config controlplane.json --listen 127.0.0.1:7070",
            "cpctl serve --listen 10.0.0.7:7070 --cert certs/replica-node-1.crt --key certs/replica-node-1.key --ca certs/ca.crt")
            .With(config, listen, data, name, dangerously, untilStdinCloses)
            .Does(terminal, async context =>
            {
                var options = NodeConfiguration.Load(context.Get(config), new Dictionary<string, string?>
                {
                    [NodeKeys.Listen.Path] = context.Get(listen),
                    [NodeKeys.DataDirectory.Path] = context.Get(data),
                    [NodeKeys.Name.Path] = context.Get(name),
                    [TransportKeys.TlsCertificate.Path] = context.OnCommandLine(TlsOptions.Cert),
                    [TransportKeys.TlsKey.Path] = context.OnCommandLine(TlsOptions.Key),
                    [TransportKeys.TlsCa.Path] = context.OnCommandLine(TlsOptions.Ca),
                    [TransportKeys.DangerouslyServePlaintextToTheNetwork.Path] = context.Get(dangerously) ? "true" : null,
                });
                ListenAddress.RequireFree(options.Listen, "Stop it, or choose another address with --listen.");
                var node = ControlPlaneNode.Build(options, builder =>
                {
                    StderrLogging.Apply(builder.Logging, LogLevel.Information);
                    CommandLifetime.Apply(builder.Services);
                });
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
                if (context.Get(untilStdinCloses))
                {
                    _ = StopAtEndOfInputAsync(stop);
                }

                return (ExitCode)(int)await ControlPlaneNode.RunAsync(node, stop.Token);
            });
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
