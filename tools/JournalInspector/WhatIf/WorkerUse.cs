using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>How much each worker was used: leases served, at most and on average at a time, sandboxes started.</summary>
internal sealed class WorkerUse
{
    private readonly SortedDictionary<string, Use> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> _heldOn = [];
    private JournalTime? _began;
    private JournalTime _now;

    public void Add(string worker) => _workers.TryAdd(worker, new Use());

    public void MoveTo(JournalTime now)
    {
        _began ??= now;
        _now = now;
    }

    public void Start(string worker) => _workers[worker].Started++;

    /// <param name="worker">Who serves.</param>
    /// <param name="lease">Which lease.</param>
    /// <param name="counts">False for one that was there before the replay began.</param>
    public void Begin(string worker, ulong lease, bool counts)
    {
        var use = _workers[worker];
        _heldOn[lease] = worker;
        use.Leases += counts ? 1 : 0;
        use.Change(+1, _now);
        use.Peak = Math.Max(use.Peak, use.Leased);
    }

    public void End(ulong lease)
    {
        if (_heldOn.Remove(lease, out var worker))
        {
            _workers[worker].Change(-1, _now);
        }
    }

    public IReadOnlyList<WhatIfWorker> Report()
    {
        var seconds = _began is { } began ? _now.Since(began).TotalSeconds : 0;
        return [.. _workers.Select(worker =>
        {
            worker.Value.Change(0, _now);
            var mean = seconds > 0 ? Math.Round(worker.Value.LeasedSeconds / seconds, 3) : 0;
            return new WhatIfWorker(worker.Key, worker.Value.Leases, worker.Value.Started, worker.Value.Peak, mean);
        })];
    }

    private sealed class Use
    {
        public int Leases { get; set; }

        public int Started { get; set; }

        public int Leased { get; private set; }

        public int Peak { get; set; }

        public double LeasedSeconds { get; private set; }

        private JournalTime Since { get; set; }

        public void Change(int by, JournalTime now)
        {
            LeasedSeconds += Leased == 0 ? 0 : Leased * now.Since(Since).TotalSeconds;
            Leased += by;
            Since = now;
        }
    }
}
