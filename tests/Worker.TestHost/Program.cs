using System.Globalization;
using ControlPlane.Worker;
using Microsoft.Extensions.Hosting;

// Arguments: data directory, plane address, name. Runs until it is killed, or asked to end in good order (TERM).
var options = new WorkerAgentOptions { DataDirectory = args[0], Name = args[2], GateListen = "127.0.0.1:0", CapacitySandboxes = 256 };
options.PlaneAddresses.Add(args[1]);
await using var host = WorkerHost.Build(options);
await host.StartAsync();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"started {Environment.ProcessId}"));
await host.WaitForShutdownAsync();
