using System.CommandLine;
using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Doctor;
using Spectre.Console;

namespace ControlPlane.Chaos.Commands;

/// <summary><c>doctor</c>.</summary>
internal static class DoctorCommand
{
    private static readonly string[] Headers = ["", "WHAT", "SEEN", "FOR"];

    public static Command Build(Terminal terminal) =>
        new ChaosCommand(
            "doctor",
            "What this machine allows, found out by trying, and which scenarios cannot be run here.",
            "controlplane-chaos doctor",
            "controlplane-chaos doctor --json | jq '.abilities[] | select(.isAllowed | not)'")
            .Does(terminal, async context =>
            {
                var machine = await Machine.LookAsync(context.Cancellation);
                var skipped = ScenarioArgument.Shipped.Select(ScenarioArgument.Load).Select(scenario => (scenario.Name, Why: machine.Lacking(scenario))).Where(one => one.Why is not null).ToList();
                if (context.Json)
                {
                    context.WriteJson(new { machine.Abilities, skipped = skipped.Select(one => new { one.Name, one.Why }) });
                    return ExitCode.Pass;
                }

                var table = new Table { Border = TableBorder.None, UseSafeBorder = true };
                foreach (var header in Headers)
                {
                    table.AddColumn(new TableColumn(new Text(header)) { Padding = new Padding(0, 0, 2, 0) });
                }

                foreach (var ability in machine.Abilities)
                {
                    table.AddRow(
                        new Text(ability.IsAllowed ? "yes" : "no", new Style(ability.IsAllowed ? Color.Green : Color.Yellow)), new Text(ability.Name), new Text(ability.Detail), new Text(ability.For));
                }

                terminal.Console.Write(table);
                await terminal.Output.WriteLineAsync(skipped.Count == 0
                    ? "\nEvery scenario can be run here."
                    : $"\nSkipped here: {string.Join("; ", skipped.Select(one => $"{one.Name} ({one.Why})"))}");
                return ExitCode.Pass;
            });
}
