using ControlPlane.Primitives;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>The last sandboxes that ended: why, and their logs. Bounded: the oldest are forgotten and their logs deleted.</summary>
internal sealed class EndedSandboxes(string logsRoot, int logsMax)
{
    private const int ReasonsMax = 1024;

    private readonly Lock _lock = new();
    private readonly Queue<(SandboxId Id, string Reason)> _recent = new();
    private readonly Dictionary<SandboxId, string> _reasons = [];
    private readonly Queue<SandboxId> _logs = new();

    public string LogPathOf(SandboxId id) => Path.Combine(logsRoot, id + ".log");

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
            while (_logs.Count > logsMax)
            {
                var path = LogPathOf(_logs.Dequeue());
                File.Delete(path);
                File.Delete(path + ".1");
            }
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
}
