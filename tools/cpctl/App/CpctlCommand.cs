using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary>A command that runs against a plane, with examples in its help and every failure reported in one way.</summary>
internal sealed class CpctlCommand : Command
{
    public CpctlCommand(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>Command lines to copy.</summary>
    public IReadOnlyList<string> Examples { get; }

    public CpctlCommand With(params Symbol[] symbols)
    {
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    Add(argument);
                    break;
                case Option option:
                    Add(option);
                    break;
                case Command command:
                    Add(command);
                    break;
            }
        }

        return this;
    }

    /// <summary>Runs <paramref name="run"/>; success unless it throws.</summary>
    public CpctlCommand Does(Terminal terminal, Func<CommandContext, Task> run) => Does(terminal, async context =>
    {
        await run(context);
        return ExitCode.Ok;
    });

    public CpctlCommand Does(Terminal terminal, Func<CommandContext, Task<ExitCode>> run)
    {
        SetAction(async (parsed, cancellation) =>
        {
            using var context = new CommandContext(parsed, terminal, cancellation);
            try
            {
                return (int)await run(context);
            }
            catch (Exception failure) when (FailureReport.Of(failure, cancellation) is { } report)
            {
                report.Write(terminal, context.Json);
                return (int)report.Exit;
            }
        });
        return this;
    }
}
