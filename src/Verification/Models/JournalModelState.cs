using ControlPlane.Primitives;

namespace ControlPlane.Verification.Models;

/// <summary>
/// A journal as far as it answers: its tail, and which numbered append came to which position. Immutable; a longer journal shares the
/// shorter one. Two are equal if they were made by the same appends in the same order.
/// </summary>
public sealed class JournalModelState : IEquatable<JournalModelState>
{
    private readonly JournalModelState? _before;
    private readonly ClientId _client;
    private readonly ClientSequence _number;
    private readonly int _hash;

    /// <summary>A journal of which nothing but the tail is known.</summary>
    public JournalModelState(SequenceNumber tail)
    {
        Tail = tail;
        _hash = tail.GetHashCode();
    }

    private JournalModelState(JournalModelState before, JournalCall append)
    {
        _before = before;
        _client = append.Client;
        _number = append.Number;
        Tail = before.Tail.Plus((ulong)append.Contents.Length);
        _hash = HashCode.Combine(before._hash, Tail, _client, _number);
    }

    /// <summary>The position of the last entry.</summary>
    public SequenceNumber Tail { get; }

    /// <summary>The same journal with one more append.</summary>
    internal JournalModelState With(JournalCall append) => new(this, append);

    /// <summary>The position of the first entry of an append that has happened; null if it has not, or has no number.</summary>
    internal SequenceNumber? Find(ClientId client, ClientSequence number)
    {
        if (number.Value == 0)
        {
            return null;
        }

        var state = this;
        while (state._before is not null && (state._client != client || state._number != number))
        {
            state = state._before;
        }

        return state._before?.Tail.Next;
    }

    /// <inheritdoc/>
    public bool Equals(JournalModelState? other)
    {
        var mine = this;
        while (!ReferenceEquals(mine, other))
        {
            if (mine is null || other is null || mine._hash != other._hash || mine.Tail != other.Tail || mine._client != other._client || mine._number != other._number)
            {
                return false;
            }

            (mine, other) = (mine._before, other._before);
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JournalModelState);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
