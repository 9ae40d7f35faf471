using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Registers;

/// <summary>What can be said to the caller of a compare-and-set after a round.</summary>
public enum CompareAndSetVerdict
{
    /// <summary>It replaced the value.</summary>
    Replaced,

    /// <summary>It did not and never will: another version is there.</summary>
    NotReplaced,

    /// <summary>Not known yet; another round will tell.</summary>
    Again,

    /// <summary>An earlier round of this call may have replaced the value before others replaced it again: no round will tell any more.</summary>
    Unknown,
}

/// <summary>
/// One call of compare-and-set over the rounds that it takes. A round that was beaten or given up may have left its proposal at an
/// acceptor, where another proposer finds it and has it chosen; so what a later round finds is judged by the write's stamp.
/// </summary>
public sealed class CompareAndSetCall(ulong expectedVersion, UInt128 stamp, ReadOnlyMemory<byte> value)
{
    private bool _mayBeChosen;

    /// <summary>What each of its rounds does.</summary>
    public RegisterOperation.CompareAndSet Operation { get; } = new(expectedVersion, StampedValue.Write(stamp, value.Span));

    /// <summary>Judges a round of this call that has ended or was given up; each round must be judged, in order.</summary>
    public CompareAndSetVerdict Judge(RegisterRound round)
    {
        if (round.Outcome is RoundOutcome.Chosen chosen)
        {
            return chosen.IsOwnChange ? CompareAndSetVerdict.Replaced : JudgeOther(chosen.State);
        }

        _mayBeChosen |= round.HasProposedChange;
        return CompareAndSetVerdict.Again;
    }

    // The state is chosen, at a ballot above all earlier rounds of this call. It descends from every change that was or will be chosen of
    // those rounds; they all make version expected + 1.
    private CompareAndSetVerdict JudgeOther(RegisterState state)
    {
        if (!_mayBeChosen || state.Version <= expectedVersion)
        {
            return CompareAndSetVerdict.NotReplaced;
        }

        if (state.Version > expectedVersion + 1)
        {
            return CompareAndSetVerdict.Unknown;
        }

        return StampedValue.Read(state.Value).Stamp == stamp ? CompareAndSetVerdict.Replaced : CompareAndSetVerdict.NotReplaced;
    }
}
