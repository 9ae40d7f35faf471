using System.Diagnostics.Metrics;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Server.Services;

namespace ControlPlane.Server.Telemetry;

/// <summary>What the node measures of its journal, read when a collector asks: a call pays nothing for it.</summary>
internal static class NodeMetrics
{
    /// <summary>Registers the instruments, each with the tag <c>partition</c>; the factory ends them.</summary>
    public static void Register(IMeterFactory meters, ServedPartitions partitions)
    {
        var meter = meters.Create(TelemetrySetup.MeterPrefix + "Server");
        IEnumerable<Measurement<long>> Each(Func<PartitionHost, long> measure) => partitions.All.Select(partition =>
            new Measurement<long>(measure(partition.Host), new KeyValuePair<string, object?>("partition", (int)partition.Host.Options.Partition.Value)));

        meter.CreateObservableCounter("controlplane.journal.entries", () => Each(host => host.Journal.Counters.Entries), "{entry}", "Entries appended since the start.");
        meter.CreateObservableCounter("controlplane.journal.bytes", () => Each(host => host.Journal.Counters.Bytes), "By", "Bytes appended since the start.");
        meter.CreateObservableCounter("controlplane.journal.flushes", () => Each(host => host.Journal.Counters.Flushes), "{flush}", "Data syncs since the start.");
        meter.CreateObservableGauge("controlplane.journal.committed", () => Each(host => (long)host.Committed.Value), "{position}", "Last committed position.");
        meter.CreateObservableGauge("controlplane.journal.snapshot", () => Each(host => (long)host.Snapshot.Value), "{position}", "Position of the newest snapshot.");
        meter.CreateObservableGauge("controlplane.journal.leads", () => Each(host => host.Leads ? 1 : 0), "{partition}", "1 where this node leads the partition.");
        meter.CreateObservableGauge("controlplane.worker.sessions", () => Each(host => host.Sessions.Count), "{session}", "Workers connected now.");
    }
}
