using ControlPlane.Primitives;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.State;

/// <summary>Compares two states of one journal record by record.</summary>
internal static class StateDifference
{
    public static StateDifferenceReport Between(WorkerManagerCore before, WorkerManagerCore after)
    {
        var old = StateRecords.Of(before.State).ToDictionary(record => (record.Table, record.Name));
        var now = StateRecords.Of(after.State).ToArray();
        var changes = now.Select(record => Change(old.GetValueOrDefault((record.Table, record.Name)), record)).OfType<StateChange>().ToList();
        var kept = now.Select(record => (record.Table, record.Name)).ToHashSet();
        changes.AddRange(old.Values.Where(record => !kept.Contains((record.Table, record.Name))).Select(record => Gone(record, after.State)));
        var order = now.Concat(old.Values).Select(record => record.Table).Distinct().ToList();
        return new StateDifferenceReport
        {
            From = End(before),
            To = End(after),
            Changes = [.. changes.OrderBy(change => order.IndexOf(change.Table))],
        };
    }

    private static StateEnd End(WorkerManagerCore core) =>
        new(core.Applied.Value, core.State.Time.ToString(), core.Hash.ToString());

    private static StateChange? Change(StateRecord? before, StateRecord after)
    {
        if (before is null)
        {
            return new StateChange(after.Table, after.Name, StateChange.Added, Set(after, (field, value) => new FieldChange(field, null, value)), null);
        }

        FieldChange[] fields =
        [
            .. before.Fields.Zip(after.Fields)
                .Where(pair => pair.First.Value != pair.Second.Value)
                .Select(pair => new FieldChange(pair.First.Field, pair.First.Value, pair.Second.Value)),
        ];
        return fields.Length == 0 ? null : new StateChange(after.Table, after.Name, StateChange.Changed, fields, null);
    }

    private static StateChange Gone(StateRecord record, PartitionState after) =>
        new(record.Table, record.Name, StateChange.Removed, Set(record, (field, value) => new FieldChange(field, value, null)), EndOfLease(record, after));

    private static FieldChange[] Set(StateRecord record, Func<string, string, FieldChange> make) =>
        [.. record.Fields.Where(field => field.Value.Length > 0).Select(field => make(field.Field, field.Value))];

    /// <summary>How a lease that is held no more ended, as long as its request is remembered.</summary>
    private static string? EndOfLease(StateRecord record, PartitionState after) =>
        record.Table == "lease" && LeaseId.TryParse(record.Name, out var id) && after.TryGetLease(id, out var lease) ? lease.End.ToString() : null;
}
