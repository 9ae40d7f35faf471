using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl status</c>, <c>snapshot</c> and <c>version</c>.</summary>
internal static class StatusCommands
{
    public static IEnumerable<Command> Build(Terminal terminal) =>
    [
        new CpctlCommand("status", "The node's role, its journal's positions, and what the plane holds.", "cpctl status", "cpctl status --json | jq .committed")
            .Does(terminal, async context => context.Show(StatusView.Of(await context.Operator.GetStatusAsync(context.Cancellation)))),
        new CpctlCommand("snapshot", "Writes a snapshot of the plane's state now, so that the next start replays less.", "cpctl snapshot")
            .Does(terminal, async context =>
            {
                var taken = await context.Operator.TakeSnapshotAsync(context.Cancellation);
                context.Show(new SnapshotView(taken.Position, taken.Bytes, taken.StateHash));
            }),
        new CpctlCommand("version", "The version of this tool.", "cpctl version --json")
            .Does(terminal, context =>
            {
                context.Show(new VersionView(Version, RuntimeInformation.FrameworkDescription));
                return Task.CompletedTask;
            }),
    ];

    private static string Version =>
        typeof(StatusCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
