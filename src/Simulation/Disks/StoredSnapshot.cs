using ControlPlane.Primitives.Entries;

namespace ControlPlane.Simulation.Disks;

/// <summary>A whole snapshot: what the journal ends with there, the state's hash, and the journal's and the user's part. Published at once or not at all.</summary>
internal sealed record StoredSnapshot(JournalEnd Applied, UInt128 StateHash, byte[] Bytes);
