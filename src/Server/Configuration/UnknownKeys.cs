using Microsoft.Extensions.Configuration;

namespace ControlPlane.Server.Configuration;

/// <summary>Refuses keys that nobody reads: a misspelt key would otherwise silently mean the default.</summary>
internal static class UnknownKeys
{
    /// <summary>Reports each key of <paramref name="root"/> with a value that no <see cref="NodeKeys"/> covers, with the nearest known one.</summary>
    public static void Report(IConfigurationRoot root, ConfigurationReader reader)
    {
        foreach (var (path, value) in root.AsEnumerable())
        {
            if (value is null || NodeKeys.All.Any(key => key.Covers(path)))
            {
                continue;
            }

            var nearest = NodeKeys.All.MinBy(key => Distance(key.Path.ToUpperInvariant(), path.ToUpperInvariant()))!;
            reader.Report(path, "there is no such key", $"Did you mean {nearest.Path}? Otherwise remove it");
        }
    }

    /// <summary>Edit distance (Levenshtein): the number of letters to insert, remove or change.</summary>
    internal static int Distance(string left, string right)
    {
        var above = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var row = 1; row <= left.Length; row++)
        {
            var diagonal = above[0];
            above[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var changed = diagonal + (left[row - 1] == right[column - 1] ? 0 : 1);
                diagonal = above[column];
                above[column] = Math.Min(changed, Math.Min(above[column], above[column - 1]) + 1);
            }
        }

        return above[right.Length];
    }
}
