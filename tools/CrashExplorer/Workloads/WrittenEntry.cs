using ControlPlane.Primitives;

namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>An entry as it was handed to the storage. The hash is over all its bytes, so it stands for them.</summary>
internal sealed record WrittenEntry(ulong Position, ChainHash Hash, bool EndsAppend, ulong Epoch);
