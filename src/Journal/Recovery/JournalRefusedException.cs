using ControlPlane.Journal.Segments;

namespace ControlPlane.Journal.Recovery;

/// <summary>Why storage does not start, or does not read on.</summary>
public enum RefusalReason
{
    /// <summary>There is no replica at the path.</summary>
    NoReplica,

    /// <summary>The directory holds something that is not a replica, or a replica without its identity.</summary>
    ForeignDirectory,

    /// <summary>The identity file is damaged.</summary>
    DamagedIdentity,

    /// <summary>The identity is that of another cluster, journal or replica.</summary>
    WrongIdentity,

    /// <summary>Another process has the directory.</summary>
    Locked,

    /// <summary>Both slots of a durable small value are damaged.</summary>
    DamagedSlots,

    /// <summary>Entries that were acknowledged are damaged.</summary>
    AcknowledgedDamaged,

    /// <summary>Entries that were acknowledged are not there.</summary>
    AcknowledgedMissing,

    /// <summary>Damage that no interrupted write explains, at entries that are not known to be acknowledged.</summary>
    UnexplainedDamage,

    /// <summary>Entries, or the identity, of a format that this program does not know.</summary>
    NewerFormat,

    /// <summary>Two things on disk cannot both be true.</summary>
    Contradiction,

    /// <summary>Entries between two segments, or between a snapshot and the first segment, are not there.</summary>
    Gap,
}

/// <summary>Storage refuses: the message names file, byte position, expected and found, and what an operator can do.</summary>
public sealed class JournalRefusedException(RefusalReason reason, string message, JournalDamage? damage = null)
    : Exception($"{message} ({reason}). {RefusalAdvice.For(reason)}")
{
    /// <summary>Why.</summary>
    public RefusalReason Reason { get; } = reason;

    /// <summary>What was found, without the advice for one who is refused.</summary>
    public string Finding { get; } = message;

    /// <summary>The damage, when bytes are the reason.</summary>
    public JournalDamage? Damage { get; } = damage;

    /// <summary>True if the journal's content is damaged, which other replicas can make good; false if this is the wrong place, program or moment.</summary>
    public bool IsDamagedContent => Reason is RefusalReason.DamagedSlots
        or RefusalReason.AcknowledgedDamaged
        or RefusalReason.AcknowledgedMissing
        or RefusalReason.UnexplainedDamage
        or RefusalReason.Contradiction
        or RefusalReason.Gap;
}
