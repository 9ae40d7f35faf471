namespace ControlPlane.JournalInspector.Findings;

/// <summary>Where a whole entry lies.</summary>
/// <param name="Sequence">Its position in the journal.</param>
/// <param name="File">The device file, relative to the inspected directory.</param>
/// <param name="Offset">Byte position of its frame in the file.</param>
internal sealed record EntryPlace(ulong Sequence, string File, long Offset)
{
    public override string ToString() => $"entry {Sequence} in {File} at byte {Offset}";
}
