using System.CommandLine;

namespace ControlPlane.Simulator.App;

/// <summary>A command with examples in its help and every failure reported in one way.</summary>
internal sealed class SimulatorCommand : Command
{
    public SimulatorCommand(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>Command lines to copy.</summary>
    public IReadOnlyList<string> Examples { get; }

    public SimulatorCommand With(params Option[] options)
    {
        foreach (var option in options)
        {
            Add(option);
        }

        return this;
    }

    public SimulatorCommand Takes(Argument argument)
    {
        Add(argument);
        return this;
    }

    public SimulatorCommand Does(Terminal terminal, Func<ParseResult, ExitCode> run)
    {
        SetAction((parsed, _) => Task.Run(() =>
        {
            try
            {
                return (int)run(parsed);
            }
            catch (UsageException wrong)
            {
                terminal.Error.WriteLine($"{SimulatorRoot.Name}: {wrong.Message}");
                return (int)ExitCode.Usage;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                terminal.Error.WriteLine($"{SimulatorRoot.Name}: internal error, please report it: {failure}");
                return (int)ExitCode.Internal;
            }
            finally
            {
                terminal.Output.Flush();
            }
        }));
        return this;
    }
}

/// <summary>What was asked for cannot be done as asked.</summary>
internal sealed class UsageException(string message) : Exception(message);
