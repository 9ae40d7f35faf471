using System.Text;
using System.Threading.Channels;

namespace ControlPlane.JournalInspector.Tests.Samples;

/// <summary>A run of the tool that goes on until it is stopped; its lines can be waited for.</summary>
internal sealed class RunningInspector : IAsyncDisposable
{
    private readonly LineChannel _lines = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _run;

    public RunningInspector(params string[] args) => _run = Inspector.RunAsync(_lines, _stop.Token, args);

    /// <summary>The next lines, up to the first that contains <paramref name="text"/>.</summary>
    public async Task<IReadOnlyList<string>> ReadUntilAsync(string text)
    {
        var lines = new List<string>();
        do
        {
            lines.Add(await _lines.ReadAsync(TestContext.Current.CancellationToken));
        }
        while (!lines[^1].Contains(text, StringComparison.Ordinal));
        return lines;
    }

    /// <summary>As Ctrl-C does; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run.WaitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(CancellationToken.None);
        _stop.Dispose();
        await _lines.DisposeAsync();
    }

    private sealed class LineChannel : TextWriter
    {
        private readonly Channel<string> _whole = Channel.CreateUnbounded<string>();
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public ValueTask<string> ReadAsync(CancellationToken cancellation) => _whole.Reader.ReadAsync(cancellation);

        public override void Write(char value)
        {
            if (value == '\n')
            {
                _whole.Writer.TryWrite(_line.ToString());
                _line.Clear();
            }
            else
            {
                _line.Append(value);
            }
        }
    }
}
