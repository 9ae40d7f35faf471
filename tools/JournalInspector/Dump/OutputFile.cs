using System.Text;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Reading;

namespace ControlPlane.JournalInspector.Dump;

/// <summary>
/// A file for results: it appears under its name when it is complete and durable, so that whoever finds it need not ask. It
/// never replaces one and never lies in the inspected directory.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private readonly string _path;
    private readonly string _unfinished;
    private readonly FileStream _stream;
    private bool _complete;

    private OutputFile(string path)
    {
        _path = path;
        _unfinished = path + ".unfinished";
        _stream = new FileStream(_unfinished, FileMode.Create, FileAccess.Write, FileShare.Read);
        Writer = new StreamWriter(_stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferBytes) { NewLine = "\n" };
    }

    public TextWriter Writer { get; }

    /// <exception cref="UsageException">There is such a file, or it would be inside <paramref name="inspected"/>.</exception>
    public static OutputFile Create(string path, string inspected)
    {
        if (ResolvedPath.Of(path).IsWithin(ResolvedPath.Of(inspected)))
        {
            throw new UsageException($"{path} lies inside the inspected directory, which is never written");
        }

        return File.Exists(path) || Directory.Exists(path)
            ? throw new UsageException($"{path} exists: name a new file")
            : new OutputFile(Path.GetFullPath(path));
    }

    public void Complete()
    {
        Writer.Flush();
        _stream.Flush(flushToDisk: true);
        File.Move(_unfinished, _path, overwrite: false);
        _complete = true;
    }

    public void Dispose()
    {
        Writer.Dispose();
        if (!_complete)
        {
            File.Delete(_unfinished);
        }
    }
}
