using ControlPlane.JournalInspector.Views;

namespace ControlPlane.JournalInspector.App;

/// <summary>Counts what has been read and, in a terminal, says so now and then on standard error, over the same line.</summary>
internal sealed class Progress(Terminal terminal, string verb, CancellationToken cancellation)
{
    private const int EntriesPerLine = 1 << 16;
    private long _entries;
    private long _bytes;
    private bool _shown;

    /// <summary>One more entry.</summary>
    /// <exception cref="OperationCanceledException">The run was interrupted.</exception>
    public void Count(int bytes)
    {
        _bytes += bytes;
        if (++_entries % EntriesPerLine != 0)
        {
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        if (terminal.ShowsProgress)
        {
            _shown = true;
            terminal.Error.Write($"\r{verb} {Quantity.Count(_entries)} entries, {Quantity.Bytes(_bytes)} ");
        }
    }

    /// <summary>Takes the line away.</summary>
    public void End()
    {
        if (_shown)
        {
            terminal.Error.Write("\r\u001b[K");
        }
    }
}
