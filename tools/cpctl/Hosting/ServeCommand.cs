using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl serve</c>: a node without a worker.</summary>
internal static class ServeCommand
{
    public static Command Build(Terminal terminal)
    {
        var run = new NodeRun();
        return new CpctlCommand(
            "serve",
            "Runs a node of the control plane until it is told to stop. Configured by a file, the environment (CONTROLPLANE__LISTEN and so on) and these options; the later win. --cert, --key and --ca make it speak mutual TLS; files for callers in the environment do not.",
            "cpctl serve --data /var/lib/controlplane",
            "cpctl serve --config controlplane.json --listen 127.0.0.1:7070",
            "cpctl serve --listen 10.0.0.7:7070 --cert certs/replica-node-1.crt --key certs/replica-node-1.key --ca certs/ca.crt")
            .With(run.Options)
            .Does(terminal, context => run.RunAsync(context));
    }
}
