using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>What an entry's header tells the state machine: where it stands, in whose reign, and when it was decided.</summary>
public readonly record struct EntryContext(SequenceNumber Position, Epoch Epoch, JournalTime Time);
