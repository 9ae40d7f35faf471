using System.Diagnostics.Metrics;
using ControlPlane.Runtime.Partitions;

namespace ControlPlane.Server.Telemetry;

/// <summary>What the node measures of its journal, read when a collector asks: a call pays nothing for it.</summary>
internal static class NodeMetrics
{
    /// <summary>Registers the instruments; the factory ends them.</summary>
    public static void Register(IMeterFactory meters, PartitionHost partition)
    {
        var meter = meters.Create(TelemetrySetup.MeterPrefix + "Server");
        var journal = partition.Journal;
        meter.CreateObservableCounter("controlplane.journal.entries", () => journal.Counters.Entries, "{entry}", "Entries appended since the start.");
        meter.CreateObservableCounter("controlplane.journal.bytes", () => journal.Counters.Bytes, "By", "Bytes appended since the start.");
        meter.CreateObservableCounter("controlplane.journal.flushes", () => journal.Counters.Flushes, "{flush}", "Data syncs since the start.");
        meter.CreateObservableGauge("controlplane.journal.committed", () => (long)partition.Committed.Value, "{position}", "Last committed position.");
        meter.CreateObservableGauge("controlplane.journal.snapshot", () => (long)partition.Snapshot.Value, "{position}", "Position of the newest snapshot.");
        meter.CreateObservableGauge("controlplane.worker.sessions", () => partition.Sessions.Count, "{session}", "Workers connected now.");
    }
}
