namespace ControlPlane.WorkerManager;

/// <summary>The kinds of records that make up a state. Numbers are in snapshots and hashes: never reuse one.</summary>
internal enum RecordKind : byte
{
    Partition = 1,
    Tenant = 2,
    Family = 3,
    Function = 4,
    Worker = 5,
    Sandbox = 6,
    Client = 7,
    Request = 8,
    Lease = 9,
}

/// <summary>A part of the state with a canonical form. What is not written here is derived or soft.</summary>
internal interface IStateRecord
{
    RecordKind Kind { get; }

    void Write(CanonicalWriter writer);
}
