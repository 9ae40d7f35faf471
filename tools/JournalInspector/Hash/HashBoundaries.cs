using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Hash;

/// <summary>Where hashes are wanted: at multiples, which are the same on each machine wherever its journal begins, and at the end.</summary>
/// <param name="Every">Distance.</param>
/// <param name="From">None below.</param>
/// <param name="To">The end; null: that of the last whole append.</param>
internal sealed record HashBoundaries(ulong Every, SequenceNumber From, SequenceNumber? To)
{
    public bool Has(SequenceNumber position) => position >= From && (position.Value % Every == 0 || position == To);
}
