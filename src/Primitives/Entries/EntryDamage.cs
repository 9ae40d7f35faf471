namespace ControlPlane.Primitives.Entries;

/// <summary>Why bytes are not a whole entry. Ordered from "nothing there" to "an entry, but not whole".</summary>
public enum EntryDamage
{
    /// <summary>Not damaged.</summary>
    None = 0,

    /// <summary>Fewer bytes than a header.</summary>
    TooShort,

    /// <summary>The first four bytes are not the format's mark.</summary>
    BadMagic,

    /// <summary>A format version that this program does not know. Not damage: written by a newer program.</summary>
    UnknownVersion,

    /// <summary>The payload length exceeds the limit or the bytes at hand.</summary>
    BadLength,

    /// <summary>The checksum does not fit the bytes.</summary>
    BadChecksum,

    /// <summary>The checksum fits, but a reserved field or the type has a value that no program writes.</summary>
    BadField,
}
