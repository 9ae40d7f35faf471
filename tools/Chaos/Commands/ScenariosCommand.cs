using System.CommandLine;
using ControlPlane.Chaos.App;
using ControlPlane.Scenarios;
using Spectre.Console;

namespace ControlPlane.Chaos.Commands;

/// <summary><c>scenarios</c>.</summary>
internal static class ScenariosCommand
{
    public static Command Build(Terminal terminal) =>
        new ChaosCommand("scenarios", "The scenarios that travel with the tool, each with what it tries to break.", "controlplane-chaos scenarios")
            .Does(terminal, context =>
            {
                var all = ScenarioArgument.Shipped.Select(ScenarioArgument.Load).ToList();
                if (context.Json)
                {
                    context.WriteJson(all.Select(scenario => new { scenario.Name, scenario.Breaks, duration = TimeText.Of(scenario.Duration) }));
                    return Task.FromResult(ExitCode.Pass);
                }

                var table = new Table { Border = TableBorder.None, UseSafeBorder = true };
                table.AddColumns(new TableColumn("NAME") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) }, new TableColumn("BREAKS"));
                foreach (var scenario in all)
                {
                    table.AddRow(new Text(scenario.Name), new Text(scenario.Breaks));
                }

                terminal.Console.Write(table);
                return Task.FromResult(ExitCode.Pass);
            });
}

/// <summary><c>schema</c>.</summary>
internal static class SchemaCommand
{
    public static Command Build(Terminal terminal) =>
        new ChaosCommand("schema", "The JSON schema of scenario files, for editors.", "controlplane-chaos schema > scenario.schema.json")
            .Does(terminal, async _ =>
            {
                await terminal.Output.WriteAsync(ScenarioFile.Schema);
                return ExitCode.Pass;
            });
}
