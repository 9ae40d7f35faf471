namespace ControlPlane.Journal.Recovery;

/// <summary>What an operator can do about a refusal.</summary>
internal static class RefusalAdvice
{
    public static string For(RefusalReason reason) => reason switch
    {
        RefusalReason.NoReplica => "Check the configured path; to begin a new journal there, create the replica first.",
        RefusalReason.ForeignDirectory => "Point the configuration at an empty directory or at this replica's own; nothing here was changed.",
        RefusalReason.WrongIdentity => "The configuration names another replica than the disk holds; correct the one that is wrong.",
        RefusalReason.NewerFormat => "Run the newer program that wrote it; nothing here was changed.",
        RefusalReason.Locked => "Stop the other process, or give this one its own directory.",
        RefusalReason.DamagedIdentity or RefusalReason.DamagedSlots =>
            "Restore the file from a backup of this replica, or replace the replica by a new one with a new id.",
        RefusalReason.UnexplainedDamage =>
            "Copy the directory, inspect it with the journal inspector (verify, dump), and check the disk; restore from another replica or a backup.",
        _ => "Nothing was changed. Copy the directory before anything else; restore the named file from another replica or a backup, "
            + "and see with `journal-inspector verify` what is whole.",
    };
}
