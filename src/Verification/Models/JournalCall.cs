using ControlPlane.Primitives;

namespace ControlPlane.Verification.Models;

/// <summary>What is asked of a journal.</summary>
public enum JournalFunction
{
    /// <summary>To append some entries, all or none.</summary>
    Append,

    /// <summary>Where its tail is: the position of the last entry.</summary>
    ReadTail,
}

/// <summary>What a journal answered.</summary>
public enum JournalAnswer
{
    /// <summary>Nothing: it took effect at some time, or never.</summary>
    None,

    /// <summary>Appended, from <see cref="JournalCall.Position"/> on; or the tail is <see cref="JournalCall.Position"/>.</summary>
    Ok,

    /// <summary>The tail was <see cref="JournalCall.Position"/> and not the expected one; nothing is appended.</summary>
    TailMismatch,

    /// <summary>Refused for another reason; this attempt never takes effect.</summary>
    Refused,
}

/// <summary>A request to a journal with its answer. Attempts of one append share client and number.</summary>
public readonly record struct JournalCall
{
    /// <summary>What is asked.</summary>
    public required JournalFunction Function { get; init; }

    /// <summary>What came back.</summary>
    public required JournalAnswer Answer { get; init; }

    /// <summary>Who appends.</summary>
    public ClientId Client { get; init; }

    /// <summary>The client's number for this append; zero if it does not ask for exactly-once, so that two attempts are two appends.</summary>
    public ClientSequence Number { get; init; }

    /// <summary>An identifier, or a hash, of the content of each entry that is to be appended.</summary>
    public ReadOnlyMemory<UInt128> Contents { get; init; }

    /// <summary>Where the tail must be for the append to happen; null for anywhere.</summary>
    public SequenceNumber? ExpectedTail { get; init; }

    /// <summary>The position of the first entry, or of the tail, as the answer says.</summary>
    public SequenceNumber Position { get; init; }

    /// <summary>For sentences.</summary>
    public override string ToString()
    {
        var what = (Function, Number.Value) switch
        {
            (JournalFunction.ReadTail, _) => "reading of the tail",
            (_, 0) => "append",
            _ => $"append {Number} of {Client}",
        };
        var condition = ExpectedTail is { } tail ? $" at tail {tail}" : "";
        return Answer switch
        {
            JournalAnswer.None => $"unanswered {what}{condition}",
            JournalAnswer.Refused => $"refused {what}{condition}",
            JournalAnswer.TailMismatch => $"{what}{condition} that failed at tail {Position}",
            _ => $"{what}{condition} → {Position}",
        };
    }
}
