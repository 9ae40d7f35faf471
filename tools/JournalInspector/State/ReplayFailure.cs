using ControlPlane.Primitives;
using ControlPlane.WorkerManager;
using Google.Protobuf;

namespace ControlPlane.JournalInspector.State;

/// <summary>Why a worker manager does not take an entry.</summary>
internal static class ReplayFailure
{
    /// <summary>Not damage: another user's journal, or a newer program's. Nothing behind it can be replayed by this program.</summary>
    public static bool IsForeign(Exception failure) => failure is UnknownEntryException or InvalidProtocolBufferException;

    /// <summary>The entries contradict each other, a journaled hash, or a snapshot.</summary>
    public static bool IsContradiction(Exception failure) =>
        failure is StateDivergedException or InvariantViolationException or ArgumentException or OverflowException or SnapshotDamagedException;
}
