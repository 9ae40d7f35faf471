using System.CommandLine;
using ControlPlane.Journal.Disk;

namespace ControlPlane.JournalInspector.App;

/// <summary>A command on journal directories, with examples in its help and every failure reported in one way.</summary>
internal sealed class InspectorCommand : Command
{
    /// <summary>A command on one directory.</summary>
    public InspectorCommand(string name, string description, params string[] examples)
        : this(name, description, GlobalOptions.Directory, examples)
    {
    }

    /// <summary>A command on what <paramref name="directories"/> takes.</summary>
    public InspectorCommand(string name, string description, Argument directories, string[] examples)
        : base(name, description)
    {
        Examples = examples;
        Add(directories);
    }

    /// <summary>Command lines to copy.</summary>
    public IReadOnlyList<string> Examples { get; }

    public InspectorCommand With(params Option[] options)
    {
        foreach (var option in options)
        {
            Add(option);
        }

        return this;
    }

    public InspectorCommand Does(Terminal terminal, IDisk disk, Func<CommandContext, ExitCode> run)
    {
        SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                var context = new CommandContext(parsed, terminal, disk, cancellation);
                try
                {
                    return (int)run(context);
                }
                catch (Exception failure)
                {
                    var known = Failure.Of(failure);
                    known.Write(terminal, context.Json);
                    return (int)known.Exit;
                }
                finally
                {
                    terminal.Output.Flush();
                }
            },
            CancellationToken.None));
        return this;
    }
}
