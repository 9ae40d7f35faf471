namespace ControlPlane.CrashExplorer.Histories;

/// <summary>What a crash, or a disk, takes away of one change. A change of a name is lost wholly; one that needs a lost one is lost with it.</summary>
/// <param name="Change">Which.</param>
internal sealed record Loss(int Change)
{
    /// <summary>The sectors of the file that do not get what the write brought; null: none does.</summary>
    public IReadOnlySet<long>? Sectors { get; init; }

    /// <summary>Bytes at the beginning of a lost sector that arrive all the same: a sector that is torn in its middle.</summary>
    public int TornAfter { get; init; }

    /// <summary>The end of the sector arrives instead of its beginning.</summary>
    public bool IsEndThatArrives { get; init; }

    /// <summary>The disk put it elsewhere: a later write to the same sector does not bring it along.</summary>
    public bool Strays { get; init; }

    public bool TakesSector(long sector) => Sectors is null || Sectors.Contains(sector);

    /// <summary>What arrives of a lost sector's bytes.</summary>
    public (long From, long Until) LeftOf(long from, long until)
    {
        if (TornAfter == 0)
        {
            return (from, from);
        }

        var torn = Math.Clamp((from / Histories.Change.SectorBytes * Histories.Change.SectorBytes) + TornAfter, from, until);
        return IsEndThatArrives ? (torn, until) : (from, torn);
    }
}
