namespace ControlPlane.Primitives.Entries;

/// <summary>What an entry is to the journal itself. Numbers are on disk: never reuse one.</summary>
public enum EntryType : byte
{
    /// <summary>Not a type; an entry with it is damaged.</summary>
    None = 0,

    /// <summary>Bytes of the journal's user, opaque to the journal.</summary>
    User = 1,

    /// <summary>Raises the journal's fence; the payload is the new token (8 bytes, little-endian).</summary>
    Fence = 2,
}
