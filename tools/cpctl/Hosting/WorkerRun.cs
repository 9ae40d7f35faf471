using System.CommandLine;
using ControlPlane.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl worker</c> without a verb: runs a worker in this process.</summary>
internal sealed class WorkerRun
{
    private readonly Option<string> _name = new("--name") { Description = "Stable over restarts, unique in the plane.", HelpName = "NAME", DefaultValueFactory = _ => "worker-1" };
    private readonly Option<string> _gate = new("--gate") { Description = "Where the gate listens.", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:7071" };
    private readonly Option<string> _data = new("--data") { Description = "What survives a restart of the worker, and the functions' logs.", HelpName = "DIR", DefaultValueFactory = _ => DataDirectories.Default("worker") };
    private readonly Option<string> _zone = new("--zone") { Description = "Where the worker stands.", HelpName = "NAME", DefaultValueFactory = _ => "local" };
    private readonly Option<int> _memory = new("--memory") { Description = "Memory for sandboxes, in MiB.", HelpName = "MIB", DefaultValueFactory = _ => 4_096 };
    private readonly Option<int> _sandboxes = new("--sandboxes") { Description = "Most sandboxes at once.", HelpName = "N", DefaultValueFactory = _ => 64 };

    private readonly Option<string> _advertise = new("--advertise") { Description = "Where callers dial the gate, if not where it listens.", HelpName = "URL" };
    private readonly Option<bool> _dangerously = new("--dangerously-serve-plaintext-to-the-network") { Description = "Lets the gate listen beyond loopback without TLS: whoever reaches it may invoke as anybody." };

    public Symbol[] Options => [_name, _gate, _advertise, _data, _zone, _memory, _sandboxes, _dangerously];

    public async Task RunAsync(CommandContext context)
    {
        var options = new WorkerAgentOptions
        {
            Name = context.Get(_name)!,
            GateListen = context.Get(_gate)!,
            DataDirectory = Path.GetFullPath(context.Get(_data)!),
            Zone = context.Get(_zone)!,
            CapacityMemoryMib = context.Get(_memory),
            CapacitySandboxes = context.Get(_sandboxes),
            AdvertisedEndpoint = context.Get(_advertise),
            Tls = context.Tls,
            DangerouslyServePlaintextToTheNetwork = context.Get(_dangerously),
        };
        foreach (var address in context.Addresses)
        {
            options.PlaneAddresses.Add(address);
        }

        await using var worker = WorkerHost.Build(options, builder =>
        {
            StderrLogging.Apply(builder.Logging, LogLevel.Information);
            CommandLifetime.Apply(builder.Services);
        });
        await worker.StartAsync(context.Cancellation);
        await worker.WaitForShutdownAsync(context.Cancellation);
    }
}
