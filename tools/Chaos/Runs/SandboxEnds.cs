using System.Globalization;
using System.Text.Json;

namespace ControlPlane.Chaos.Runs;

/// <summary>
/// Which sandboxes the plane gave up, from the inspector's dump of a partition's journal: those that died or were retired, and all of a worker that
/// was lost. Their leases ended with them, without their holders.
/// </summary>
internal sealed class SandboxEnds
{
    /// <summary>The kinds of entries that are read.</summary>
    public static readonly string[] Kinds = ["sandbox_created", "sandbox_died", "sandbox_retired", "sandbox_quarantined", "worker_registered", "worker_lost"];

    private readonly Dictionary<ulong, ulong> _workerOf = [];
    private readonly Dictionary<ulong, (ulong At, string Why)> _ended = [];

    /// <summary>By the position that names the sandbox: at which position it ended, and why.</summary>
    public IReadOnlyDictionary<ulong, (ulong At, string Why)> Ended => _ended;

    /// <summary>Takes a line of the dump in.</summary>
    public void Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        if (!json.RootElement.TryGetProperty("entry", out var entry))
        {
            return;
        }

        var position = json.RootElement.GetProperty("sequence").GetUInt64();
        var kind = entry.EnumerateObject().First();
        switch (kind.Name)
        {
            case "sandboxCreated":
                _workerOf[position] = NumberOf(kind.Value, "worker");
                break;
            case "workerRegistered" when kind.Value.TryGetProperty("keptSandboxes", out var kept):
                foreach (var sandbox in kept.EnumerateArray())
                {
                    _workerOf[ulong.Parse(sandbox.GetString()!, CultureInfo.InvariantCulture)] = position;
                }

                break;
            case "workerLost":
                var worker = NumberOf(kind.Value, "worker");
                foreach (var sandbox in _workerOf.Where(one => one.Value == worker).Select(one => one.Key))
                {
                    _ended.TryAdd(sandbox, (position, "worker lost"));
                }

                break;
            case "sandboxDied" or "sandboxRetired" or "sandboxQuarantined":
                _ended.TryAdd(NumberOf(kind.Value, "sandbox"), (position, kind.Value.TryGetProperty("reason", out var reason) ? reason.GetString()! : kind.Name));
                break;
        }
    }

    private static ulong NumberOf(JsonElement value, string name) => ulong.Parse(value.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
