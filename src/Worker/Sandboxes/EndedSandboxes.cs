using ControlPlane.Primitives;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>The last sandboxes that ended: why, and their logs. Bounded: the oldest are forgotten and their logs deleted.</summary>
internal sealed class EndedSandboxes(string logsRoot, int logsMax)
{
    private const int ReasonsMax = 1024;
    private const string LogSuffix = ".log";
    private const string OlderPartSuffix = ".1";

    private readonly Lock _lock = new();
    private readonly Queue<(SandboxId Id, string Reason)> _recent = new();
    private readonly Dictionary<SandboxId, string> _reasons = [];
    private readonly Queue<SandboxId> _logs = new();

    public string LogPathOf(SandboxId id) => Path.Combine(logsRoot, id + LogSuffix);

    /// <summary>Counts the logs that earlier agents left, oldest first, except those of sandboxes that <paramref name="live"/> on; too many are deleted at once.</summary>
    public void TakeOverLogs(IEnumerable<SandboxId> live)
    {
        var old = new DirectoryInfo(logsRoot).EnumerateFiles()
            .Select(file => (IsLog: TryParse(file.Name, out var id), Id: id, Written: file.LastWriteTimeUtc))
            .Where(log => log.IsLog)
            .GroupBy(log => log.Id, log => log.Written)
            .ExceptBy(live, log => log.Key)
            .OrderBy(log => log.Max())
            .ThenBy(log => log.Key);
        lock (_lock)
        {
            foreach (var log in old)
            {
                _logs.Enqueue(log.Key);
            }

            Prune();
        }
    }

    public void Add(SandboxId id, string reason)
    {
        lock (_lock)
        {
            _recent.Enqueue((id, reason));
            _reasons[id] = reason;
            if (_recent.Count > ReasonsMax)
            {
                _reasons.Remove(_recent.Dequeue().Id);
            }

            _logs.Enqueue(id);
            Prune();
        }
    }

    public string? ReasonOf(SandboxId id)
    {
        lock (_lock)
        {
            return _reasons.GetValueOrDefault(id);
        }
    }

    public IReadOnlyCollection<(SandboxId Id, string Reason)> Recent()
    {
        lock (_lock)
        {
            return [.. _recent];
        }
    }

    private void Prune()
    {
        while (_logs.Count > logsMax)
        {
            var path = LogPathOf(_logs.Dequeue());
            File.Delete(path);
            File.Delete(path + OlderPartSuffix);
        }
    }

    private static bool TryParse(string file, out SandboxId id)
    {
        var newest = file.EndsWith(OlderPartSuffix, StringComparison.Ordinal) ? file[..^OlderPartSuffix.Length] : file;
        id = default;
        return newest.EndsWith(LogSuffix, StringComparison.Ordinal) && SandboxId.TryParse(newest[..^LogSuffix.Length], out id);
    }
}
