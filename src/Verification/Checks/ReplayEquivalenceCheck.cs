using ControlPlane.Primitives;

namespace ControlPlane.Verification.Checks;

/// <summary>However a state is built from the journal, it is the same state: live, by a fresh replay, from a snapshot and the tail, by the inspector.</summary>
public static class ReplayEquivalenceCheck
{
    /// <summary>
    /// For each source, the first position at which its state differs from that of a source before it. A source that has no position in
    /// common with any other is a violation too: nothing was proved of it.
    /// </summary>
    public static IEnumerable<Violation> Run(IReadOnlyList<StateHashes> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var known = new Dictionary<SequenceNumber, (int Source, UInt128 Hash)>();
        var compared = new bool[sources.Count];
        var differs = new List<Violation>();
        for (var source = 0; source < sources.Count; source++)
        {
            var first = true;
            foreach (var (position, hash) in sources[source].Hashes.OrderBy(pair => pair.Key))
            {
                if (!known.TryAdd(position, (source, hash)))
                {
                    var (other, expected) = known[position];
                    compared[source] |= other != source;
                    compared[other] |= other != source;
                    if (first && hash != expected)
                    {
                        first = false;
                        differs.Add(Broken($"at position {position} the state has hash {expected:x32} by {sources[other].Source}, and {hash:x32} by {sources[source].Source}"));
                    }
                }
            }
        }

        var alone = Enumerable.Range(0, sources.Count).Where(source => !compared[source])
            .Select(source => Broken($"{sources[source].Source} has no position in common with another source: nothing was compared"));
        return [.. differs, .. alone];
    }

    private static Violation Broken(string sentence) => new(nameof(ReplayEquivalenceCheck), sentence);
}
