using System.Globalization;
using System.Text.Json;
using ControlPlane.Chaos.Cluster;
using ControlPlane.Chaos.Faults;
using ControlPlane.Chaos.Processes;
using ControlPlane.Chaos.Recording;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Chaos.Runs;

/// <summary>
/// What is read when the clients have ended: the journal for general use through the plane, then, with every process stopped, what each replica has
/// on its disk, through the journal inspector.
/// </summary>
internal sealed class ClosingAudit(ChaosCluster cluster, RunRecorder recorder)
{
    private readonly List<(string Journal, ulong Position, Dictionary<string, string> StateHashes)> _ends = [];

    /// <summary>Reads through the plane, which must have settled.</summary>
    public async Task ReadAsync(CancellationToken cancellation)
    {
        for (var partition = 0u; partition < cluster.Partitions; partition++)
        {
            var hashes = new Dictionary<string, string>();
            var committed = ulong.MaxValue;
            foreach (var node in cluster.Nodes)
            {
                if (await node.StatusAsync(partition, cancellation) is { } status)
                {
                    committed = Math.Min(committed, status.Committed);
                    hashes[node.Name] = string.Create(CultureInfo.InvariantCulture, $"{status.StateHash} at {status.Committed}");
                }
            }

            if (hashes.Count > 0)
            {
                _ends.Add((string.Create(CultureInfo.InvariantCulture, $"wm-{partition}"), committed, hashes));
            }
        }

        using var client = cluster.NewClient("operator", TimeSpan.FromSeconds(20));
        try
        {
            await ReadEntriesAsync(client.Journal(ChaosCluster.Journal), cancellation);
        }
        catch (ControlPlaneException failure)
        {
            recorder.Phase("journal not read", failure.Message);
        }
    }

    /// <summary>Reads the disks; every node must have ended.</summary>
    public async Task InspectAsync(CancellationToken cancellation)
    {
        foreach (var (journal, position, stateHashes) in _ends.Where(end => end.Position > 0))
        {
            foreach (var node in cluster.Nodes)
            {
                var (hash, detail) = await HashAsync(node, journal, position, cancellation);
                recorder.Add(new RunEvent
                {
                    Kind = EventKind.Replica,
                    Node = node.Name,
                    Journal = journal,
                    Position = position,
                    ChainHash = hash,
                    StateHash = stateHashes.GetValueOrDefault(node.Name),
                    Detail = detail,
                });
            }
        }

        for (var partition = 0u; partition < cluster.Partitions; partition++)
        {
            await FindEndedSandboxesAsync(partition, cancellation);
        }
    }

    private async Task ReadEntriesAsync(JournalClient journal, CancellationToken cancellation)
    {
        var tail = (await journal.CheckTailAsync(cancellation)).Tail;
        for (var next = 1UL; next < tail;)
        {
            var page = await journal.ReadAsync(next, cancellation: cancellation);
            foreach (var entry in page.Entries.Where(entry => entry.Type == JournalEntry.Types.Type.User))
            {
                recorder.Add(new RunEvent { Kind = EventKind.Entry, Position = entry.Position, Detail = entry.Payload.ToStringUtf8().TrimEnd() });
            }

            next = page.Next > next ? page.Next : tail;
        }

        recorder.Phase("journal read", string.Create(CultureInfo.InvariantCulture, $"tail {tail}"));
        _ends.Add((ChaosCluster.Journal, tail - 1, []));
    }

    /// <summary>The chain hash at a position vouches for every entry up to it.</summary>
    private static async Task<(string? Hash, string? Detail)> HashAsync(ChaosNode node, string journal, ulong position, CancellationToken cancellation)
    {
        var at = position.ToString(CultureInfo.InvariantCulture);
        var (code, output, error) = await ChildProcess.RunAsync(BuiltPrograms.Inspector("dump", DirectoryOf(node, journal), "--from", at, "--to", at, "--format", "jsonl"), cancellation);
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("hash", out var hash))
            {
                return (hash.GetString(), null);
            }
        }

        return (null, $"the inspector ended with {code}: {error.Trim()}{output.Trim()}");
    }

    private async Task FindEndedSandboxesAsync(uint partition, CancellationToken cancellation)
    {
        var journal = string.Create(CultureInfo.InvariantCulture, $"wm-{partition}");
        var seen = new HashSet<ulong>();
        foreach (var node in cluster.Nodes)
        {
            // One that was replaced begins with a snapshot: what it lacks another has.
            var (_, output, _) = await ChildProcess.RunAsync(
                BuiltPrograms.Inspector(["dump", DirectoryOf(node, journal), "--format", "jsonl", .. SandboxEnds.Kinds.SelectMany(kind => new[] { "--type", kind })]), cancellation);
            var ends = new SandboxEnds();
            foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                ends.Read(line);
            }

            foreach (var (sandbox, (at, why)) in ends.Ended.Where(ended => seen.Add(ended.Key)))
            {
                recorder.Add(new RunEvent { Kind = EventKind.SandboxEnded, Sandbox = string.Create(CultureInfo.InvariantCulture, $"S{partition}-{sandbox}"), Position = at, Detail = why });
            }
        }
    }

    private static string DirectoryOf(ChaosNode node, string journal) => Path.GetDirectoryName(JournalFiles.ReplicaOf(node.Place.Data, journal))!;
}
