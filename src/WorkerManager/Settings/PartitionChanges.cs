using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>Who leads, by which rules, and whether everybody has the same state.</summary>
internal static class PartitionChanges
{
    public static void Apply(PartitionState state, in EntryContext context, LeadershipClaimed entry)
    {
        Invariant.Check(context.Epoch > state.Epoch, "each reign has a higher epoch");
        state.Hasher.Remove(state.Header);
        state.Header.Epoch = context.Epoch;
        state.Header.Node = entry.Node;
        state.Hasher.Add(state.Header);
    }

    public static void Apply(PartitionState state, SettingsChanged entry)
    {
        state.Hasher.Remove(state.Header);
        state.Header.SettingsJournaled = true;
        state.Header.Settings = new Settings(
            Milliseconds.From(entry.RequestRetentionMs),
            entry.EndedRequestsMax,
            entry.DriftPermille,
            entry.DefaultTenantLeaseLimit,
            entry.PartitionLeaseLimit);
        state.Hasher.Add(state.Header);
    }

    /// <exception cref="StateDivergedException">This state is not the leader's.</exception>
    public static void Apply(PartitionState state, in EntryContext context, StateHashed entry)
    {
        var expected = new StateHash(new UInt128(entry.HashHigh, entry.HashLow));
        if (expected != state.Hasher.Hash)
        {
            throw new StateDivergedException(context.Position.Previous, expected, state.Hasher.Hash);
        }

        state.LastHashed = context.Position;
    }
}
