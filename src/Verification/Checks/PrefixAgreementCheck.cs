using ControlPlane.Primitives;

namespace ControlPlane.Verification.Checks;

/// <summary>
/// Where two replicas know a position to be committed, they hold the same bytes there; and none has a gap between its head and its
/// commit. Replicas may begin and end at different positions.
/// </summary>
public static class PrefixAgreementCheck
{
    /// <summary>
    /// For each replica the first position at which it differs from another or has a gap: what follows would only follow from it. Reads all
    /// replicas side by side, once, and holds one entry of each.
    /// </summary>
    public static IEnumerable<Violation> Run(IReadOnlyList<ReplicaEntries> replicas)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        var readings = replicas.Select(replica => new Reading(replica)).ToList();
        try
        {
            var open = readings.ToList();
            while (true)
            {
                // Plain loops: this runs once for each of millions of positions.
                var position = new SequenceNumber(ulong.MaxValue);
                for (var at = open.Count - 1; at >= 0; at--)
                {
                    if (open[at].Gap is { } gap)
                    {
                        yield return Broken(gap);
                    }

                    if (!open[at].IsOpen)
                    {
                        open.RemoveAt(at);
                    }
                    else if (open[at].Position < position)
                    {
                        position = open[at].Position;
                    }
                }

                if (open.Count == 0)
                {
                    yield break;
                }

                Reading? first = null;
                foreach (var reading in open)
                {
                    if (reading.Position != position)
                    {
                        continue;
                    }

                    if (first is not null && !reading.Bytes.SequenceEqual(first.Bytes))
                    {
                        yield return Broken(
                            $"at position {position}, committed at both, {first.Replica} and {reading.Replica} differ from byte {first.Bytes.CommonPrefixLength(reading.Bytes)} on");
                        reading.Close();
                    }

                    first ??= reading;
                }

                foreach (var reading in open)
                {
                    if (reading.IsOpen && reading.Position == position)
                    {
                        reading.Advance();
                    }
                }
            }
        }
        finally
        {
            readings.ForEach(reading => reading.Dispose());
        }
    }

    private static Violation Broken(string sentence) => new(nameof(PrefixAgreementCheck), sentence);

    /// <summary>One replica on the way from its head to its commit.</summary>
    private sealed class Reading : IDisposable
    {
        private readonly ReplicaEntries _replica;
        private readonly IEnumerator<ReplicaEntry> _entries;
        private ReplicaEntry _current;

        public Reading(ReplicaEntries replica)
        {
            _replica = replica;
            _entries = replica.Entries.GetEnumerator();
            IsOpen = true;
            Move(expected: null);
        }

        public string Replica => _replica.Replica;

        public bool IsOpen { get; private set; }

        /// <summary>What is missing, once that was found; the reading is not open then.</summary>
        public string? Gap { get; private set; }

        public SequenceNumber Position => _current.Position;

        public ReadOnlySpan<byte> Bytes => _current.Bytes.Span;

        public void Advance() => Move(expected: Position.Next);

        public void Close() => IsOpen = false;

        public void Dispose() => _entries.Dispose();

        private void Move(SequenceNumber? expected)
        {
            if (expected > _replica.Committed || (expected is null && _replica.Committed == SequenceNumber.None))
            {
                IsOpen = false;
            }
            else if (!_entries.MoveNext())
            {
                Gap = $"{Replica} knows {_replica.Committed} to be committed, but {(expected is null ? "holds nothing" : $"its entries end before {expected}")}";
                IsOpen = false;
            }
            else
            {
                _current = _entries.Current;
                IsOpen = Position <= _replica.Committed;
                if (expected is not null && Position != expected)
                {
                    Gap = $"in {Replica}, position {Position} comes where {expected} should be";
                    IsOpen = false;
                }
            }
        }
    }
}
