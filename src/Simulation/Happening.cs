namespace ControlPlane.Simulation;

/// <summary>Kinds of events that the determinism guard folds into its hash, and that a timeline shows.</summary>
internal enum Happening
{
    Started = 1,
    Ended,
    Batch,
    Message,
    Reached,
    Gone,
    Fault,
    FaultOver,
    Promise,
    Segment,
    Flush,
    Committed,
    Won,
    Deposed,
    Trimmed,
    Snapshot,
    SnapshotInstalled,
    RegisterStored,
    Asked,
    Answered,
    Worker,
    Gate,
    Stepped,
    Phase,
    Operator,
}
