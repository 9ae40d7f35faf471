using ControlPlane.Primitives;

namespace ControlPlane.Verification.Checks;

/// <summary>The hash of the state after some positions of the journal, as one way to build the state gives it.</summary>
/// <param name="Source">Which way: "live", "fresh replay", "snapshot and tail", "inspector".</param>
/// <param name="Hashes">Positions and hashes, in any order.</param>
public sealed record StateHashes(string Source, IEnumerable<KeyValuePair<SequenceNumber, UInt128>> Hashes);
