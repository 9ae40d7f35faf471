namespace ControlPlane.Runtime.Journals;

/// <summary>What a journal has done since it was opened.</summary>
/// <param name="Entries">Entries appended.</param>
/// <param name="Bytes">Their bytes, headers included.</param>
/// <param name="Flushes">Data syncs that they shared.</param>
public readonly record struct JournalCounters(long Entries, long Bytes, long Flushes);
