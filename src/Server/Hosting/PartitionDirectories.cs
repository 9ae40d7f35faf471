using System.Globalization;
using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;
using ControlPlane.Server.Configuration;

namespace ControlPlane.Server.Hosting;

/// <summary>
/// Holds the number of partitions against what lies in the data directory: with another number functions would belong to other journals than those that hold
/// their leases. Once all journals have been opened, an empty directory named after their number says so (<c>partitions-4</c>): made in one step, and as
/// durable as the journals' own directories. Until then nothing has been acknowledged, and whatever a crash left is completed.
/// </summary>
internal static class PartitionDirectories
{
    private const string MarkPrefix = "partitions-";

    /// <summary>What is wrong; nothing in a directory that holds no journal yet.</summary>
    public static IEnumerable<ConfigurationProblem> Check(NodeOptions options)
    {
        if (!options.WorkerManager)
        {
            yield break;
        }

        var source = $"in the data directory {options.DataDirectory}";
        var mark = Numbered(options.DataDirectory, MarkPrefix, _ => true);
        var journals = Numbered(options.DataDirectory, NodeOptions.OwnedJournalPrefix, path => Directory.EnumerateFileSystemEntries(path).Any());
        var was = Math.Max(mark.Max, mark.Count > 0 || journals.Max < options.Partitions ? 0 : journals.Max + 1);
        if (was > 0 && was != options.Partitions)
        {
            yield return new ConfigurationProblem(
                NodeKeys.Partitions.Path, source, $"it holds the journals of {was} partitions, not {options.Partitions}", $"Set {NodeKeys.Partitions.Path} to {was}: it can never be changed");
        }
        else if (mark.Count > 0 && options.Cluster is null && new PartitionMap(options.Partitions).All.Where(one => !journals.Contains((int)one.Value)).ToList() is { Count: > 0 } missing)
        {
            // In a cluster a replica that is gone is brought back from the others; alone, an empty journal would be an empty start.
            yield return new ConfigurationProblem(
                NodeKeys.DataDirectory.Path, source, $"{string.Join(", ", missing.Select(NodeOptions.OwnedJournal))} {(missing.Count == 1 ? "has" : "have")} gone", "Restore what is missing");
        }
    }

    /// <summary>Notes that the journals of all partitions are there.</summary>
    public static void Mark(NodeOptions options, IDisk disk) =>
        DataDirectory.Make(disk, Path.Combine(options.DataDirectory, MarkPrefix + options.Partitions.ToString(CultureInfo.InvariantCulture)));

    private static SortedSet<int> Numbered(string dataDirectory, string prefix, Func<string, bool> counts) => !Directory.Exists(dataDirectory)
        ? []
        : [.. Directory.EnumerateDirectories(dataDirectory, prefix + "*")
            .Where(counts)
            .Select(path => int.TryParse(Path.GetFileName(path).AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(number => number >= 0)];
}
