using System.CommandLine;
using System.Text.Json;

namespace ControlPlane.Chaos.App;

/// <summary>A command with examples in its help and every failure reported in one way.</summary>
internal sealed class ChaosCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines to copy.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    public ChaosCommand With(params Symbol[] symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                Add(argument);
            }
            else if (symbol is Option option)
            {
                Add(option);
            }
        }

        return this;
    }

    public ChaosCommand Does(Terminal terminal, Func<CommandContext, Task<ExitCode>> run)
    {
        SetAction(async (parsed, cancellation) =>
        {
            var context = new CommandContext(parsed, terminal, cancellation);
            try
            {
                return (int)await run(context);
            }
            catch (Exception failure)
            {
                var (exit, message) = Report(failure, cancellation);
                await terminal.Error.WriteLineAsync(context.Json
                    ? JsonSerializer.Serialize(new { error = message, exitCode = (int)exit }, JsonShape.Line)
                    : $"{ChaosRoot.Name}: {message}");
                return (int)exit;
            }
        });
        return this;
    }

    private static (ExitCode Exit, string Message) Report(Exception failure, CancellationToken cancellation) => failure switch
    {
        ChaosException known => (known.Exit, known.Message),
        ControlPlane.Scenarios.ScenarioException wrong => (ExitCode.Usage, $"the scenario cannot be used{Environment.NewLine}{wrong.Message}"),
        OperationCanceledException when cancellation.IsCancellationRequested => (ExitCode.Interrupted, "interrupted; everything that was started has ended"),
        FileNotFoundException or DirectoryNotFoundException => (ExitCode.Usage, failure.Message),
        _ => (ExitCode.Internal, $"internal error, please report it: {failure}"),
    };
}

/// <summary>What a command works with.</summary>
internal sealed class CommandContext(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
{
    public Terminal Terminal { get; } = terminal;

    public CancellationToken Cancellation { get; } = cancellation;

    public bool Json { get; } = parsed.GetValue(ChaosRoot.Json);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Something worth knowing beside the result; nothing for programs.</summary>
    public void Note(string text)
    {
        if (!Json)
        {
            Terminal.Error.WriteLine(text);
        }
    }

    /// <summary>The result for programs, one line.</summary>
    public void WriteJson(object result) => Terminal.Output.WriteLine(JsonSerializer.Serialize(result, JsonShape.Line));
}
