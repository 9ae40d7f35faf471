using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Simulation.Disks;

/// <summary>An entry as it was written. The bytes are what the disk has now; header and hash are what the process wrote, for as long as it runs.</summary>
internal readonly record struct StoredEntry(EntryHeader Header, ChainHash Hash, byte[] Bytes);
