namespace ControlPlane.Primitives.Entries;

/// <summary>Sizes that the format allows. Checked before anything is journaled.</summary>
public static class EntryLimits
{
    /// <summary>Largest payload of one entry, in bytes. An entry never spans a storage page.</summary>
    public const int PayloadBytesMax = 256 * 1024;

    /// <summary>Most entries in one append.</summary>
    public const int EntriesPerAppendMax = 1024;

    /// <summary>Largest sum of payloads in one append, in bytes.</summary>
    public const int AppendBytesMax = 4 * 1024 * 1024;
}
