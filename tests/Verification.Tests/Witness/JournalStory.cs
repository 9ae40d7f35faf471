using System.Buffers.Binary;
using System.Security.Cryptography;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using ControlPlane.Verification.Witness;

namespace ControlPlane.Verification.Tests.Witness;

/// <summary>
/// A journal that does everything right, in a few lines, and its clients. Each call takes effect at a moment of its own, a tick after the
/// other, and lasts some ticks before and after. Tests take what it wrote and change one thing.
/// </summary>
internal sealed class JournalStory
{
    private const int Clients = 3;
    private const int Slack = 25;
    private const int TicksPerCall = 10;

    private readonly SeededRandom _random;
    private readonly ulong[] _numbers = new ulong[Clients];
    private Epoch _epoch = new(1);
    private long _now = 100;
    private UInt128 _content;

    private JournalStory(ulong seed, SequenceNumber head)
    {
        _random = new SeededRandom(seed);
        Tail = head.Previous;
    }

    public List<WitnessEntry> Entries { get; } = [];

    public List<Operation<JournalCall>> Operations { get; } = [];

    public SequenceNumber Tail { get; private set; }

    public static JournalStory Tell(ulong seed, int calls, ulong head = 1)
    {
        var story = new JournalStory(seed, new SequenceNumber(head));
        story.Append(expectedTail: null, answer: JournalAnswer.Ok);
        while (story.Operations.Count < calls)
        {
            story.TellOne();
        }

        return story;
    }

    public IReadOnlyList<Violation> Check(bool withHashes = true, params ReplicaEntries[] replicas) =>
        WitnessCheck.Run(new WitnessJournal(Entries), Operations, replicas, withHashes ? Hash : null);

    /// <summary>What a replica would have on its disk up to a commit; one entry changed at will.</summary>
    public ReplicaEntries Replica(string name, ulong committed, Func<ReplicaEntry, ReplicaEntry>? change = null) => new(
        name,
        new SequenceNumber(committed),
        Entries.Select(entry => new ReplicaEntry(entry.Position, entry.PrefixHash)).Select(change ?? (entry => entry)));

    /// <summary>Gives every entry the hash that it should have.</summary>
    public void Rehash(int from = 0)
    {
        for (var at = from; at < Entries.Count; at++)
        {
            var hash = new byte[SHA256.HashSizeInBytes];
            Hash(at == 0 ? default : Entries[at - 1].PrefixHash.Span, Entries[at], hash);
            Entries[at] = Entries[at] with { PrefixHash = hash };
        }
    }

    private static bool Hash(ReadOnlySpan<byte> before, in WitnessEntry entry, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[SHA256.HashSizeInBytes + 32];
        before.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], entry.Position.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], entry.Epoch.Value);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[48..], entry.Content);
        SHA256.HashData(bytes, hash);
        return true;
    }

    private void TellOne()
    {
        switch (_random.Below(8))
        {
            case 0:
                Add(new JournalCall { Function = JournalFunction.ReadTail, Answer = JournalAnswer.Ok, Position = Tail });
                break;
            case 1:
                var isUnconditional = _random.OneIn(2);
                Append(isUnconditional ? null : Tail, _random.OneIn(2) ? JournalAnswer.None : JournalAnswer.Ok, repeated: _random.OneIn(2));
                break;
            case 2:
                Add(Call(JournalAnswer.TailMismatch, Tail.Value == 0 ? Tail.Next : Tail.Previous, Tail, 1));
                break;
            case 3:
                Add(Call(JournalAnswer.Refused, null, default, 1));
                break;
            case 4:
                Add(Call(JournalAnswer.None, Tail.Next.Next, default, 1));
                break;
            case 5 when _random.OneIn(4):
                _epoch = _epoch.Next;
                break;
            default:
                Append(_random.OneIn(3) ? Tail : null, JournalAnswer.Ok);
                break;
        }
    }

    private void Append(SequenceNumber? expectedTail, JournalAnswer answer, bool repeated = false)
    {
        var call = Call(answer, expectedTail, Tail.Next, 1 + _random.Below(3));
        Add(call);
        for (var at = 0; at < call.Contents.Length; at++)
        {
            Tail = Tail.Next;
            Entries.Add(new WitnessEntry(Tail, _epoch, default, EntryType.User, call.Client, call.Number, at == call.Contents.Length - 1, call.Contents.Span[at]));
            Rehash(Entries.Count - 1);
        }

        if (repeated)
        {
            Add(call with { Answer = JournalAnswer.Ok });
        }
    }

    private JournalCall Call(JournalAnswer answer, SequenceNumber? expectedTail, SequenceNumber position, int entries)
    {
        var client = _random.Below(Clients);
        return new JournalCall
        {
            Function = JournalFunction.Append,
            Answer = answer,
            Client = new ClientId((ulong)client + 1),
            Number = new ClientSequence(++_numbers[client]),
            Contents = Enumerable.Range(0, entries).Select(_ => ++_content).ToArray(),
            ExpectedTail = expectedTail,
            Position = position,
        };
    }

    private void Add(JournalCall call)
    {
        _now += TicksPerCall;
        Operations.Add(new Operation<JournalCall>(Operations.Count, call, _now - _random.Below(Slack), call.Answer == JournalAnswer.None ? null : _now + _random.Below(Slack)));
    }
}
