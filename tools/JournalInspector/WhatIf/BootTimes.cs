using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>How long sandboxes took from their creation to being ready, by the journal: what a cold start costs in the model.</summary>
internal sealed class BootTimes
{
    /// <summary>Enough for a median; later starts of a function are not looked at.</summary>
    private const int SamplesMax = 10_000;

    private readonly Dictionary<ulong, (ulong Function, JournalTime At)> _starting = [];
    private readonly Dictionary<ulong, List<TimeSpan>> _samples = [];
    private readonly Dictionary<ulong, TimeSpan> _medians = [];

    public int Samples => _samples.Values.Sum(samples => samples.Count);

    /// <summary>Over all functions; null if no start was seen whole.</summary>
    public TimeSpan? Median { get; private set; }

    public void See(JournalTime time, ulong position, Entry entry)
    {
        if (entry.SandboxCreated is { } created)
        {
            _starting[position] = (created.Function, time);
        }
        else if (entry.SandboxDied is { } died)
        {
            _starting.Remove(died.Sandbox);
        }
        else if (entry.SandboxReady is { } ready && _starting.Remove(ready.Sandbox, out var start))
        {
            if (!_samples.TryGetValue(start.Function, out var samples))
            {
                _samples.Add(start.Function, samples = []);
            }

            if (samples.Count < SamplesMax)
            {
                samples.Add(time.Since(start.At));
            }
        }
    }

    /// <summary>Everything was seen.</summary>
    public void Complete()
    {
        foreach (var (function, samples) in _samples)
        {
            _medians[function] = Middle(samples);
        }

        Median = _medians.Count == 0 ? null : Middle([.. _samples.Values.SelectMany(samples => samples)]);
    }

    /// <summary>Of a function that was never seen to start, what starts took in general.</summary>
    public TimeSpan Of(ulong function) => _medians.TryGetValue(function, out var median) ? median : Median ?? TimeSpan.Zero;

    private static TimeSpan Middle(List<TimeSpan> samples)
    {
        samples.Sort();
        return samples[samples.Count / 2];
    }
}
