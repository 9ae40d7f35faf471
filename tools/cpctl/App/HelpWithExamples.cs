using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ControlPlane.Cpctl;

/// <summary>The usual help, then examples; at the root also the exit codes and the environment, which scripts rely on.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public static void InstallOn(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((SynchronousCommandLineAction)help.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var result = usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        var examples = command switch
        {
            CpctlCommand known => known.Examples,
            RootCommand => CpctlRoot.Examples,
            _ => [],
        };
        WriteSection(output, "Examples:", examples);
        if (command is RootCommand)
        {
            WriteSection(output, "Exit codes:", ExitCodes.Explanations);
            WriteSection(output, "Environment:", CpctlRoot.EnvironmentVariables);
        }

        return result;
    }

    private static void WriteSection(TextWriter output, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        output.WriteLine(title);
        foreach (var line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }
}
