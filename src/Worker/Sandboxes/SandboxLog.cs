using System.Buffers;
using System.Globalization;
using System.Text;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>
/// What a sandbox prints, as lines "time stream invocation text" in a rotating file. A flood is cut to
/// <see cref="SandboxOptions.LogBytesPerSecondMax"/> and the number of bytes dropped is written instead: the function is never
/// blocked by its own printing, and neither the disk nor the agent can be filled by it.
/// </summary>
/// <remarks>Thread-safe; called by the poller for output and by the invocation path for the tag.</remarks>
internal sealed class SandboxLog : IDisposable
{
    private const string NoInvocation = "-";

    private readonly Lock _lock = new();
    private readonly RotatingFile _file;
    private readonly LineAssembler[] _assemblers;
    private readonly LineHandler[] _writers;
    private readonly SandboxOptions _options;
    private readonly TimeProvider _time;
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _second;
    private long _spent;
    private long _dropped;
    private string _invocation = NoInvocation;

    public SandboxLog(string path, SandboxOptions options, TimeProvider time)
    {
        _file = new RotatingFile(path, options.LogFileBytesMax);
        _options = options;
        _time = time;
        _assemblers = [new(options.LogLineBytesMax), new(options.LogLineBytesMax)];
        _writers = [line => WriteLine("out", line), line => WriteLine("err", line)];
    }

    /// <summary>
    /// The id that lines are tagged with from here on; null before the first invocation of a run. It stays after the answer:
    /// what a function printed may be read from its pipe only then.
    /// </summary>
    public void Tag(string? invocation)
    {
        lock (_lock)
        {
            _invocation = invocation ?? NoInvocation;
        }
    }

    /// <summary>Takes output as it comes.</summary>
    public void Write(OutputStream stream, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            var kept = Admit(bytes.Length);
            _assemblers[(int)stream].Append(bytes[..kept], _writers[(int)stream]);
        }
    }

    /// <summary>Writes what has no line end yet, and how much was dropped.</summary>
    public void EndOfOutput()
    {
        lock (_lock)
        {
            for (var stream = 0; stream < _assemblers.Length; stream++)
            {
                _assemblers[stream].Flush(_writers[stream]);
            }

            ReportDropped();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
        }
    }

    /// <summary>How many of the bytes fit into this second's budget.</summary>
    private int Admit(int count)
    {
        var second = _time.GetUtcNow().ToUnixTimeSeconds();
        if (second != _second)
        {
            ReportDropped();
            (_second, _spent) = (second, 0);
        }

        var kept = (int)Math.Min(count, Math.Max(0, _options.LogBytesPerSecondMax - _spent));
        _spent += kept;
        _dropped += count - kept;
        return kept;
    }

    private void ReportDropped()
    {
        if (_dropped > 0)
        {
            var count = _dropped;
            _dropped = 0;
            WriteLine("log", Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{count} bytes dropped: more than {_options.LogBytesPerSecondMax} in a second, or the log could not be written")));
        }
    }

    private void WriteLine(string stream, ReadOnlySpan<byte> text)
    {
        _line.ResetWrittenCount();
        Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {stream} {_invocation} "), _line);
        _line.Write(text);
        _line.Write("\n"u8);
        try
        {
            _file.Write(_line.WrittenSpan);
        }
        catch (IOException)
        {
            // A full disk or a lack of descriptors costs the line, which is counted, not the agent.
            _dropped += text.Length;
        }
    }
}
