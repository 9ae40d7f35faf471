using System.CommandLine;
using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Faults;
using ControlPlane.CrashExplorer.Workloads;

namespace ControlPlane.CrashExplorer.App;

/// <summary>The options of the command line.</summary>
internal static class ExploreOptions
{
    private const string All = "all";

    public static Option<string[]> Workloads { get; } = Names(
        "--workload", $"What the replica does: {All}, or some of {string.Join(", ", WorkloadList.All.Select(workload => workload.Name))}.", WorkloadList.All.Select(workload => workload.Name));

    public static Option<string[]> Faults { get; } = Names(
        "--faults", $"What happens to its disk: {All}, or some of {string.Join(", ", FaultKinds.All.Select(kind => kind.Name))}.", FaultKinds.All.Select(kind => kind.Name));

    public static Option<string> Depths { get; } = Depth();

    public static Option<int> Jobs { get; } = Number();

    public static Option<bool> Json { get; } = new("--json") { Description = "JSON on standard output.", Recursive = true };

    public static Option<string?> Keep { get; } = new("--keep")
    {
        Description = "Where reproductions of violations are written. By default a new directory among the temporary ones.",
        HelpName = "DIR",
    };

    public static Option<string?> Markdown { get; } = new("--markdown")
    {
        Description = "Also writes the table to this file.",
        HelpName = "FILE",
    };

    public static ExplorationOptions Of(ParseResult parsed) => new()
    {
        Workloads = [.. Chosen(parsed.GetValue(Workloads)!, WorkloadList.All.Select(workload => workload.Name)).Select(name => WorkloadList.Find(name)!)],
        Kinds = Chosen(parsed.GetValue(Faults)!, FaultKinds.All.Select(kind => kind.Name)).ToHashSet(),
        Depth = Exploring.Depth.Find(parsed.GetValue(Depths)!)!,
        Jobs = parsed.GetValue(Jobs),
    };

    private static IEnumerable<string> Chosen(string[] names, IEnumerable<string> all) => names.Contains(All) ? all : all.Where(names.Contains);

    private static Option<string[]> Names(string name, string description, IEnumerable<string> known)
    {
        var option = new Option<string[]>(name)
        {
            Description = description,
            HelpName = "NAME[,NAME]",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [All],
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        };
        option.Validators.Add(result =>
        {
            foreach (var unknown in result.Tokens.SelectMany(token => token.Value.Split(',')).Where(value => value != All && !known.Contains(value)))
            {
                result.AddError($"{name}: there is no '{unknown}'");
            }
        });
        return option;
    }

    private static Option<string> Depth()
    {
        var option = new Option<string>("--depth") { Description = "How many of the possible images: quick (half a minute) or full (some minutes).", HelpName = "quick|full", DefaultValueFactory = _ => "quick" };
        option.AcceptOnlyFromAmong("quick", "full");
        return option;
    }

    private static Option<int> Number()
    {
        var option = new Option<int>("--jobs") { Description = "Images tried at once.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var jobs) && jobs < 1)
            {
                result.AddError("--jobs: at least 1");
            }
        });
        return option;
    }
}
