using System.CommandLine;
using System.Text.Json;
using ControlPlane.Chaos.App;
using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Recording;
using ControlPlane.Chaos.Reports;
using ControlPlane.Chaos.Runs;

namespace ControlPlane.Chaos.Commands;

/// <summary><c>check DIR</c>.</summary>
internal static class CheckCommand
{
    public static Command Build(Terminal terminal)
    {
        var directory = RunArgument.New();
        return new ChaosCommand(
            "check",
            "Judges a recorded run again, offline, and writes its verdict anew.",
            "controlplane-chaos check chaos-runs/thawed-leader-1-20260101-120000")
            .With(directory)
            .Does(terminal, async context =>
            {
                var files = RunArgument.Open(context.Get(directory));
                var verdict = Judge(files);
                await VerdictFiles.WriteAsync(files, verdict, context.Cancellation);
                RunCommand.Show(context, files, verdict);
                foreach (var finding in context.Json ? [] : verdict.Violations.Concat(verdict.Delays).Take(20))
                {
                    await terminal.Output.WriteLineAsync($"  {finding}");
                }

                return verdict.Outcome;
            });
    }

    /// <summary>The verdict of a recorded run, with the command that a verdict before it names.</summary>
    public static RunVerdict Judge(RunDirectory files)
    {
        var run = RunRecord.Load(files);
        var replay = RunCommand.ReplayOf(files.Scenario, run.Scenario);
        if (File.Exists(files.Verdict))
        {
            using var before = JsonDocument.Parse(File.ReadAllText(files.Verdict));
            replay = before.RootElement.TryGetProperty("replay", out var told) ? told.GetString()! : replay;
        }

        return RunCheck.Judge(run, replay);
    }
}

/// <summary><c>report DIR</c>.</summary>
internal static class ReportCommand
{
    public static Command Build(Terminal terminal)
    {
        var directory = RunArgument.New();
        return new ChaosCommand(
            "report",
            "Draws a recorded run as one HTML file that needs nothing else: nodes, faults, calls, sandboxes, and a red line at the first violation.",
            "controlplane-chaos report chaos-runs/thawed-leader-1-20260101-120000")
            .With(directory)
            .Does(terminal, async context =>
            {
                var files = RunArgument.Open(context.Get(directory));
                var verdict = CheckCommand.Judge(files);
                await HtmlReport.WriteAsync(files, verdict, context.Cancellation);
                if (context.Json)
                {
                    context.WriteJson(new { report = files.Report });
                }
                else
                {
                    await terminal.Output.WriteLineAsync(files.Report);
                }

                return ExitCode.Pass;
            });
    }
}

/// <summary>The directory of a run that was recorded.</summary>
internal static class RunArgument
{
    public static Argument<string> New() => new("DIR") { Description = "The directory of a run." };

    public static RunDirectory Open(string path)
    {
        var files = new RunDirectory(Path.GetFullPath(path));
        return File.Exists(files.Scenario) && File.Exists(files.History) && File.Exists(files.Events)
            ? files
            : throw ChaosException.Usage($"{path} is not a run: scenario.json, history.jsonl and events.jsonl are wanted");
    }
}
