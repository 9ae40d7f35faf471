using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.JournalInspector.State;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>Two passes over the range: how long starts took, and then the demand, served by every policy at once.</summary>
internal static class WhatIfReplay
{
    /// <exception cref="InspectionException">The range is empty, or its state cannot be rebuilt.</exception>
    public static WhatIfReport Run(
        JournalDirectory journal, IReadOnlyList<PlacementPolicy> policies, int seed, SequenceNumber? wanted, SequenceNumber? to, uint partition, Progress progress)
    {
        var from = wanted ?? Beginning(journal);
        var boots = ReadBoots(journal, from, to, progress);
        var journaled = new JournaledServing();
        var models = policies.Select(policy => new ModelServing(policy, boots, seed)).ToArray();
        var reader = new DemandReader([journaled, .. models]);
        var last = SequenceNumber.None;
        JournalTime? began = null;
        var ended = default(JournalTime);
        new StateReplay(journal, partition, progress)
        {
            Before = (header, payload, core) =>
            {
                // What is not the worker manager's is for the replay to refuse.
                if (header.Sequence < from || DecodedEntry.Of(header, payload).Entry is not { } entry)
                {
                    return;
                }

                if (began is null)
                {
                    reader.Begin(core.State, header.Time);
                    began = header.Time;
                }

                reader.See(header.Time, header.Sequence.Value, entry, core.State);
                (last, ended) = (header.Sequence, header.Time);
            },
        }.Through(from.Previous, to);
        if (began is not { } start)
        {
            throw new InspectionException($"there are no entries of the worker manager from {from} on");
        }

        var outcomes = new[] { journaled.Report() }.Concat(models.Select(model => model.Report())).ToArray();
        return new WhatIfReport
        {
            From = from.Value,
            To = last.Value,
            Seconds = ended.Since(start).TotalSeconds,
            Demand = outcomes[0].Warm + outcomes[0].Cold,
            BootMs = boots.Median?.TotalMilliseconds,
            Boots = boots.Samples,
            Outcomes = outcomes,
        };
    }

    /// <summary>The first entry, or, of a trimmed journal, the first one behind the oldest whole snapshot.</summary>
    private static SequenceNumber Beginning(JournalDirectory journal)
    {
        var first = SequenceNumber.None;
        new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            first = entry.Header.Sequence;
            return false;
        }).Run(SequenceNumber.First);
        return first <= SequenceNumber.First
            ? SequenceNumber.First
            : SnapshotSurvey.Of(journal).Files.Where(file => file.Header is not null).Select(file => file.Position.Next).DefaultIfEmpty(first).Min();
    }

    private static BootTimes ReadBoots(JournalDirectory journal, SequenceNumber from, SequenceNumber? to, Progress progress)
    {
        var boots = new BootTimes();
        new JournalWalk(journal, (in ScannedEntry entry) =>
        {
            if (entry.Header.Sequence > to)
            {
                return false;
            }

            progress.Count(entry.Encoded.Length);
            if (DecodedEntry.Of(entry.Header, entry.Payload).Entry is { } decoded)
            {
                boots.See(entry.Header.Time, entry.Header.Sequence.Value, decoded);
            }

            return true;
        }).Run(from);
        boots.Complete();
        return boots;
    }
}
