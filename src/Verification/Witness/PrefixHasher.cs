namespace ControlPlane.Verification.Witness;

/// <summary>Computes the hash that vouches for everything up to an entry, from the entry's own bytes, which the caller has.</summary>
/// <param name="before">The hash of the entry before; empty for the first of the witness, whose past the caller may know from elsewhere.</param>
/// <param name="entry">The entry.</param>
/// <param name="hash">Where the hash goes: as long as the entry's.</param>
/// <returns>False if the hash of this entry cannot be computed, because what came before it was trimmed.</returns>
public delegate bool PrefixHasher(ReadOnlySpan<byte> before, in WitnessEntry entry, Span<byte> hash);
