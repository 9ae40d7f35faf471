using System.Text;

namespace ControlPlane.Cpctl.Tests;

/// <summary>A terminal that is a pipe: what a script sees.</summary>
internal sealed class ScriptedTerminal : IDisposable
{
    private readonly MemoryStream _output = new();
    private readonly StringWriter _error = new();

    public ScriptedTerminal(byte[]? input = null) =>
        Terminal = new Terminal(new MemoryStream(input ?? []), _output, _error, isInteractive: false, mayColour: false);

    public Terminal Terminal { get; }

    public string Output => Encoding.UTF8.GetString(_output.ToArray());

    public string Error => _error.ToString();

    public static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using var terminal = new ScriptedTerminal();
        var exit = await CpctlApp.RunAsync(args, terminal.Terminal);
        return (exit, terminal.Output, terminal.Error);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
