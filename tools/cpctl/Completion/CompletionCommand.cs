using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl completion SHELL</c>: a script that asks this tool itself what may come next.</summary>
internal static class CompletionCommand
{
    public static Command Build(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.Shells]);
        return new CpctlCommand(
            "completion",
            "Prints a script that completes commands and options in your shell.",
            "source <(cpctl completion bash)",
            "cpctl completion zsh > ~/.zfunc/_cpctl",
            "cpctl completion fish > ~/.config/fish/completions/cpctl.fish")
            .With(shell)
            .Does(terminal, context => terminal.PlainOut.WriteAsync(CompletionScripts.For(context.Get(shell))));
    }
}
