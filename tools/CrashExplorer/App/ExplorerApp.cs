using System.CommandLine;
using System.CommandLine.Invocation;

namespace ControlPlane.CrashExplorer.App;

/// <summary>One run of the tool. Results go to the one writer, progress and errors to the other.</summary>
internal static class ExplorerApp
{
    private const string Name = "explore-crash";

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, bool showsProgress)
    {
        // The tool has one purpose; its name may be said or left out.
        var given = args.Count > 0 && args[0] == Name ? args.Skip(1).ToArray() : [.. args];
        var parsed = Build(output, error, showsProgress).Parse(given);
        if (parsed.Action is ParseErrorAction)
        {
            await error.WriteLineAsync($"{Name}: {string.Join("; ", parsed.Errors.Select(problem => problem.Message.TrimEnd('.')))}. See {Name} --help.");
            return (int)ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
        }
        catch (UsageException wrong)
        {
            await error.WriteLineAsync($"{Name}: {wrong.Message}");
            return (int)ExitCode.Usage;
        }
        catch (Exception broken)
        {
            await error.WriteLineAsync($"{Name}: internal error, please report it: {broken}");
            return (int)ExitCode.Internal;
        }
    }

    private static RootCommand Build(TextWriter output, TextWriter error, bool showsProgress)
    {
        var root = new RootCommand(
            "Runs a replica's storage on a recorded disk, makes what crashes and faults of the disk may leave of it, starts the real recovery from each, and checks that nothing acknowledged is lost in silence. Exit codes: 0 pass, 1 violation, 2 too little coverage, 64 usage, 70 internal.")
        {
            ExploreOptions.Workloads, ExploreOptions.Faults, ExploreOptions.Depths, ExploreOptions.Jobs, ExploreOptions.Json, ExploreOptions.Keep, ExploreOptions.Markdown,
        };
        root.SetAction(parsed => (int)ExploreCommand.Run(parsed, output, error, showsProgress));

        var directory = new Argument<string>("DIR") { Description = "A reproduction that an exploration wrote." };
        var replay = new Command("replay", "Starts from the image of a violation again.") { directory };
        replay.SetAction(parsed => (int)ReplayCommand.Run(parsed.GetValue(directory)!, parsed.GetValue(ExploreOptions.Json), output));
        root.Add(replay);

        var depth = ExploreOptions.Depths;
        var mutants = new Command("mutants", "Puts deliberate bugs in, one at a time; each must be found. Those inside the storage need a build with /p:Mutants=true.") { depth };
        mutants.SetAction(parsed => (int)MutantsCommand.Run(parsed, output));
        root.Add(mutants);
        return root;
    }
}

/// <summary>The command was well formed and asks for something that is not there.</summary>
internal sealed class UsageException(string message) : Exception(message);
