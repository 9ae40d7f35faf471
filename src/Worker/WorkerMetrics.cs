using System.Diagnostics;
using System.Diagnostics.Metrics;
using ControlPlane.Protocol.Errors;
using ControlPlane.Worker.RuntimeApi;

namespace ControlPlane.Worker;

/// <summary>The worker's meters: seconds, dotted names, bounded tags.</summary>
internal sealed class WorkerMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ControlPlane.Worker";

    private readonly Histogram<double> _invocations;
    private readonly Histogram<double> _boots;
    private readonly Counter<long> _deaths;

    public WorkerMetrics(IMeterFactory meters, Func<int> sandboxes)
    {
        var meter = meters.Create(MeterName);
        _invocations = meter.CreateHistogram<double>("controlplane.worker.invocation.duration", "s", "Of a call to the gate, waiting included, by outcome.");
        _boots = meter.CreateHistogram<double>("controlplane.worker.sandbox.boot.duration", "s", "From process start to the runtime's first request.");
        _deaths = meter.CreateCounter<long>("controlplane.worker.sandbox.deaths", "{sandbox}", "Sandboxes that are over.");
        meter.CreateObservableGauge("controlplane.worker.sandboxes", sandboxes, "{sandbox}", "Sandboxes that the worker has.");
    }

    public void Invoked(TimeSpan duration, InvocationOutcome outcome) =>
        _invocations.Record(duration.TotalSeconds, new TagList { { "outcome", NameOf(outcome) } });

    public void Booted(TimeSpan duration) => _boots.Record(duration.TotalSeconds);

    public void Died() => _deaths.Add(1);

    private static string NameOf(InvocationOutcome outcome) => outcome switch
    {
        InvocationOutcome.Answered => "OK",
        InvocationOutcome.Failed => "FUNCTION_ERROR",
        InvocationOutcome.Aborted aborted => ErrorTable.NameOf(aborted.Reason),
        _ => throw new UnreachableException(),
    };
}
