namespace ControlPlane.Primitives.Entries;

/// <summary>Marks of an entry. Bits are on disk: never reuse one.</summary>
[Flags]
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1711", Justification = "These are flags, and the format calls them so.")]
public enum EntryFlags : byte
{
    /// <summary>No mark.</summary>
    None = 0,

    /// <summary>
    /// The last entry of one append. Appends are atomic: recovery drops a tail that does not end with this mark, and a
    /// commit never stops short of it.
    /// </summary>
    EndOfAppend = 1,
}
