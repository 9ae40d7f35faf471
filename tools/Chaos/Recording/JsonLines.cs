using System.Text.Json;
using ControlPlane.Chaos.App;

namespace ControlPlane.Chaos.Recording;

/// <summary>A file of one JSON document a line, written by many threads. A line is whole or, if the writer was killed, the last one and cut.</summary>
internal sealed class JsonLines<T> : IAsyncDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly Lock _lock = new();
    private readonly FileStream _file;

    public JsonLines(string path) => _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);

    public static IEnumerable<T> Read(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            T? document;
            try
            {
                document = JsonSerializer.Deserialize<T>(line, JsonShape.Line);
            }
            catch (JsonException)
            {
                // A runner that was killed left half a line: everything before it counts.
                yield break;
            }

            yield return document!;
        }
    }

    public void Add(T document)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(document, JsonShape.Line);
        lock (_lock)
        {
            _file.Write(line);
            _file.WriteByte((byte)'\n');
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            _file.Flush();
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return _file.DisposeAsync();
        }
    }
}
