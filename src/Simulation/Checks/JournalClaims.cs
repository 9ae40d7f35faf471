using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;

namespace ControlPlane.Simulation.Checks;

/// <summary>
/// What clients of a journal were told, held against what is committed: what was acknowledged is there, once, behind everything that had been acknowledged
/// before it was asked for; a condition that held was true, and one that failed was false; a retry learns the same position.
/// </summary>
internal sealed class JournalClaims(World world)
{
    private readonly Dictionary<(ClientId Client, ClientSequence Sequence), AppendResult> _told = [];

    /// <summary>The highest position that anybody was told of.</summary>
    public SequenceNumber Floor { get; private set; }

    /// <summary>An append was answered.</summary>
    public void Appended(in AppendRequest request, in AppendResult result, SequenceNumber floor, int attempts)
    {
        switch (result.Status)
        {
            case AppendStatus.Ok:
                Held(request, result);
                if (result.First <= floor)
                {
                    throw Broken("RealTimeOrder", $"append {request.ClientSequence} of {request.Client} is at {result.First}, but {floor} had been told before it was asked for");
                }

                if (request.ExpectedTail is { } expected && expected != result.First)
                {
                    throw Broken("TrueCondition", $"append {request.ClientSequence} of {request.Client} is at {result.First}, on the condition that the tail is {expected}");
                }

                if (result.Replayed && attempts == 1)
                {
                    throw Broken("ExactlyOnce", $"append {request.ClientSequence} of {request.Client} was sent once and is said to be repeated");
                }

                _told[(request.Client, request.ClientSequence)] = result;
                Raise(result.Last);
                break;
            case AppendStatus.TailMismatch:
                if (request.ExpectedTail == result.Tail)
                {
                    throw Broken("TrueCondition", $"append {request.ClientSequence} of {request.Client} is refused because the tail is not {result.Tail}, and it is said to be that");
                }

                Tail(result.Tail, floor);
                break;
            default:
                throw Broken("ExactlyOnce", $"append {request.ClientSequence} of {request.Client} is answered {result.Status}");
        }
    }

    /// <summary>The tail was told.</summary>
    public void Read(ClientId client, SequenceNumber floor, SequenceNumber tail)
    {
        _ = client;
        Tail(tail, floor);
    }

    /// <summary>At the end: each client's number is in the journal once, and where it was told.</summary>
    public void CheckAll()
    {
        var found = new Dictionary<(ClientId Client, ClientSequence Sequence), SequenceNumber>();
        foreach (var entry in world.Ledger.Entries)
        {
            var header = entry.Header;
            if (header.Client.IsNone || !header.EndsAppend)
            {
                continue;
            }

            if (!found.TryAdd((header.Client, header.ClientSequence), header.Sequence))
            {
                throw Broken("ExactlyOnce", $"append {header.ClientSequence} of {header.Client} is at {found[(header.Client, header.ClientSequence)]} and at {header.Sequence}");
            }
        }

        foreach (var (key, result) in _told)
        {
            if (!found.TryGetValue(key, out var last) || last != result.Last)
            {
                throw Broken("NothingForgotten", $"append {key.Sequence} of {key.Client} was acknowledged at {result.Last} and is not there");
            }
        }
    }

    private void Held(in AppendRequest request, in AppendResult result)
    {
        if (result.Last > world.Ledger.Last || result.Last.Value - result.First.Value + 1 != (ulong)request.Payloads.Count)
        {
            throw Broken("NothingForgotten", $"append {request.ClientSequence} of {request.Client} is acknowledged at {result.First} to {result.Last}, but only {world.Ledger.Last} is committed");
        }

        for (var i = 0; i < request.Payloads.Count; i++)
        {
            var entry = world.Ledger.Entries[(int)result.First.Value - 1 + i];
            if (entry.Header.Client != request.Client || !entry.Bytes.AsSpan(EntryCodec.HeaderBytes).SequenceEqual(request.Payloads[i].Span))
            {
                throw Broken("NothingForgotten", $"append {request.ClientSequence} of {request.Client} is acknowledged at {result.First} to {result.Last}, and something else is there");
            }
        }
    }

    // The tail was at some moment since the question what is told: not before what was known then, and all before it is committed now.
    private void Tail(SequenceNumber tail, SequenceNumber floor)
    {
        if (tail <= floor || tail > world.Ledger.Last.Next)
        {
            throw Broken("FreshTail", $"the tail is said to be {tail}, but {floor} had been told before that was asked, and {world.Ledger.Last} is committed");
        }

        Raise(tail.Previous);
    }

    private void Raise(SequenceNumber position) => Floor = position > Floor ? position : Floor;

    private static ViolationException Broken(string check, string sentence) => new(check, sentence);
}
