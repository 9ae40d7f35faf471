using ControlPlane.Primitives;

namespace ControlPlane.Journal.Recovery;

/// <summary>A reign that the register has closed, all of whose entries this replica must hold.</summary>
/// <param name="Epoch">The reign.</param>
/// <param name="Tail">Where it ended, exclusive: what lies at or behind it is clipped.</param>
/// <param name="LastHash">Hash of the entry before <paramref name="Tail"/>.</param>
public readonly record struct ClosedEpoch(Epoch Epoch, SequenceNumber Tail, ChainHash LastHash);
