using ControlPlane.Primitives;

namespace ControlPlane.Replication.Appending;

/// <summary>
/// The appends remembered of one client, by its numbers. A client's numbers rise, and what goes first is the lowest: so they lie in a ring, in order. A
/// number that comes behind a higher one is put in its place, at the cost of moving those above it.
/// </summary>
/// <remarks>A sorted list moved all 1,024 entries (40 KiB) at each append of a busy client, at every replica: a sixth of what an append cost under load.</remarks>
internal sealed class AppendWindow
{
    private const int SmallestRing = 4;

    private (ClientSequence Sequence, RememberedAppends.Append Append)[] _ring = [];
    private int _first;

    public int Count { get; private set; }

    /// <summary>The lowest number; there is one.</summary>
    public ClientSequence Lowest => At(0).Sequence;

    public bool TryGet(ClientSequence sequence, out RememberedAppends.Append append)
    {
        var index = IndexOf(sequence);
        var found = index < Count && At(index).Sequence == sequence;
        append = found ? At(index).Append : default;
        return found;
    }

    public bool Contains(ClientSequence sequence) => TryGet(sequence, out _);

    /// <summary>False if the number is there already.</summary>
    public bool TryAdd(ClientSequence sequence, in RememberedAppends.Append append)
    {
        var index = IndexOf(sequence);
        if (index < Count && At(index).Sequence == sequence)
        {
            return false;
        }

        MakeRoom();
        Count++;
        for (var above = Count - 1; above > index; above--)
        {
            At(above) = At(above - 1);
        }

        At(index) = (sequence, append);
        return true;
    }

    /// <summary>False if the number is not there.</summary>
    public bool Remove(ClientSequence sequence)
    {
        var index = IndexOf(sequence);
        if (index >= Count || At(index).Sequence != sequence)
        {
            return false;
        }

        for (var below = index; below > 0; below--)
        {
            At(below) = At(below - 1);
        }

        _first = (_first + 1) & (_ring.Length - 1);
        Count--;
        return true;
    }

    private ref (ClientSequence Sequence, RememberedAppends.Append Append) At(int index) => ref _ring[(_first + index) & (_ring.Length - 1)];

    /// <summary>Where the number is or belongs. Nearly always the end: a new number is the highest.</summary>
    private int IndexOf(ClientSequence sequence)
    {
        if (Count == 0 || At(Count - 1).Sequence < sequence)
        {
            return Count;
        }

        var (low, high) = (0, Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (At(middle).Sequence < sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void MakeRoom()
    {
        if (Count < _ring.Length)
        {
            return;
        }

        // A power of two, so that an index wraps with a mask.
        var larger = new (ClientSequence, RememberedAppends.Append)[Math.Max(SmallestRing, _ring.Length * 2)];
        for (var index = 0; index < Count; index++)
        {
            larger[index] = At(index);
        }

        (_ring, _first) = (larger, 0);
    }
}
