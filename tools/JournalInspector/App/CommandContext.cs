using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.JournalInspector.Views;

namespace ControlPlane.JournalInspector.App;

/// <summary>What a command runs with.</summary>
internal sealed class CommandContext(ParseResult parsed, Terminal terminal, IDisk disk, CancellationToken cancellation)
{
    public Terminal Terminal { get; } = terminal;

    public bool Json { get; } = parsed.GetValue(GlobalOptions.Json);

    public IDisk Disk { get; } = disk;

    /// <summary>Ctrl-C or SIGTERM.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public JournalDirectory OpenJournal() => JournalDirectory.Open(parsed.GetRequiredValue(GlobalOptions.Directory), Disk);

    /// <summary>Of a command that takes what it can get.</summary>
    public JournalDirectory OpenWhatIsLeft() => JournalDirectory.OpenWithoutIdentity(parsed.GetRequiredValue(GlobalOptions.Directory), Disk);

    /// <summary>Of a command that compares: each directory as it was named, opened.</summary>
    public IReadOnlyList<(string Name, JournalDirectory Journal)> OpenJournals() =>
        [.. parsed.GetRequiredValue(GlobalOptions.Directories).Select(path => (path, JournalDirectory.Open(path, Disk)))];

    public Progress Progress(string verb) => new(Terminal, verb, Cancellation);

    public void Show(View view)
    {
        if (Json)
        {
            Terminal.Output.WriteLine(view.ToJson());
        }
        else
        {
            Terminal.Console.Write(view.Render());
        }
    }
}
