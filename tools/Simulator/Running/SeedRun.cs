using System.Diagnostics;
using ControlPlane.Simulation;
using ControlPlane.Simulator.App;
using ControlPlane.Simulator.Repeating;

namespace ControlPlane.Simulator.Running;

/// <summary>Runs a range of seeds on a few threads; a failure ends it when the runs under way have ended.</summary>
internal sealed class SeedRun(Terminal terminal, ulong from, long seeds, double hours, int parallel)
{
    private const ulong TwiceEvery = 100;
    private const int FailuresMax = 10;

    private readonly Lock _gate = new();
    private readonly RunReport _report = new();

    public RunReport Run()
    {
        var watch = Stopwatch.StartNew();
        var next = from;
        var threads = Enumerable.Range(0, Math.Max(1, parallel)).Select(_ => new Thread(() =>
        {
            while (true)
            {
                ulong seed;
                lock (_gate)
                {
                    if (IsOver(next))
                    {
                        return;
                    }

                    seed = next++;
                }

                RunOne(seed, watch);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        terminal.Progress("");
        _report.Elapsed = watch.Elapsed;
        return _report;
    }

    private bool IsOver(ulong next) =>
        _report.Failures.Count >= FailuresMax || ((long)(next - from) >= seeds && _report.VirtualHours >= hours);

    private void RunOne(ulong seed, Stopwatch watch)
    {
        SimulationResult result;
        try
        {
            result = Simulation.Simulator.Run(SimulationPlan.Of(seed));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            lock (_gate)
            {
                _report.Failures.Add(new RunFailure(seed, ExitCode.Internal, "Internal", failure.ToString()));
            }

            return;
        }

        var difference = seed % TwiceEvery == 0 ? TwinRun.Compare(seed) : null;
        lock (_gate)
        {
            _report.Add(seed, result, difference);
            terminal.Progress($"seed {seed}: {_report.Seeds} seeds, {_report.VirtualHours:0.0} virtual hours, {_report.Failures.Count} failures, {_report.VirtualHours / watch.Elapsed.TotalHours:0}x");
        }
    }
}
