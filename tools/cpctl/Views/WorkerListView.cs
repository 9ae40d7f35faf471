using System.Globalization;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>Known workers.</summary>
internal sealed record WorkerListView(IReadOnlyList<WorkerListView.Worker> Workers) : View
{
    /// <summary>State is <c>ready</c>, <c>cordoned</c>, <c>draining</c> or <c>lost</c>.</summary>
    internal sealed record Worker(
        string Name, string State, bool Connected, string Zone, string Endpoint, uint Sandboxes, uint CapacitySandboxes, uint Leases,
        uint MemoryCommittedMib, uint CapacityMemoryMib, double Cpu, ulong MemoryUsedMib, IReadOnlyDictionary<string, string> Labels);

    public static WorkerListView Of(ListWorkersResponse response) => new([.. response.Workers.Select(w => new Worker(
        w.Name, Words.Of(w.State), w.Connected, w.Zone, w.Endpoint, w.Sandboxes, w.CapacitySandboxes, w.Leases,
        w.MemoryCommittedMib, w.CapacityMemoryMib, w.Cpu, w.MemoryUsedMib, new SortedDictionary<string, string>(w.Labels.ToDictionary())))]);

    public override IRenderable Render() => Layout.Table(
        ["WORKER", "STATE", "SESSION", "SANDBOXES", "LEASES", "MEMORY", "CPU", "ZONE", "ENDPOINT", "LABELS"],
        Workers.Select(w => new[]
        {
            w.Name, w.State, w.Connected ? "open" : "none", $"{w.Sandboxes}/{w.CapacitySandboxes}", w.Leases.ToString(CultureInfo.InvariantCulture),
            $"{w.MemoryCommittedMib}/{w.CapacityMemoryMib} MiB", w.Cpu.ToString("0.00", CultureInfo.InvariantCulture), w.Zone, w.Endpoint,
            string.Join(',', w.Labels.Select(l => $"{l.Key}={l.Value}")),
        }),
        "no worker has registered; start one with `cpctl worker`");
}
