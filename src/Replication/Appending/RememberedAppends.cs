using System.Buffers;
using System.Buffers.Binary;
using ControlPlane.Primitives;

namespace ControlPlane.Replication.Appending;

/// <summary>
/// What each client appended lately, so that a retry finds its first try, also after the writer has changed. A function of the
/// journal's entries alone, rebuilt from them (or from a snapshot) by whoever becomes the writer.
/// </summary>
/// <remarks>
/// Bounded: the newest <see cref="PerClientMax"/> appends of a client, as long as they are among the newest
/// <see cref="TotalMax"/> of the journal. Beyond, the oldest are forgotten; a retry of a forgotten append is answered so, as
/// long as the client itself is known, that is, has any append remembered.
/// </remarks>
public sealed class RememberedAppends
{
    /// <summary>Appends remembered of one client.</summary>
    public const int PerClientMax = 1024;

    /// <summary>Appends remembered of all clients together.</summary>
    public const int TotalMax = 262_144;

    private const int BytesPerClient = Identifier128.ByteCount + sizeof(ulong);
    private const int BytesPerAppend = Identifier128.ByteCount + (4 * sizeof(ulong));

    private readonly Dictionary<ClientId, ClientAppends> _clients = [];
    private readonly Queue<(ClientId Client, ClientSequence Sequence)> _oldestFirst = [];

    /// <summary>Appends remembered.</summary>
    public int Count { get; private set; }

    /// <summary>One remembered append; the contents are told apart by a 64-bit hash.</summary>
    public readonly record struct Append(SequenceNumber First, SequenceNumber Last, ulong ContentHash);

    /// <summary>What is known of an append.</summary>
    public enum Knowledge
    {
        /// <summary>It was never made.</summary>
        New,

        /// <summary>It was made, and where is known.</summary>
        Remembered,

        /// <summary>It may have been made; it is too old to tell.</summary>
        Forgotten,
    }

    /// <summary>Looks an append up. <paramref name="oldest"/> is the lowest number of which it can still be told.</summary>
    public Knowledge Find(ClientId client, ClientSequence sequence, out Append append, out ClientSequence oldest)
    {
        append = default;
        oldest = default;
        if (!_clients.TryGetValue(client, out var appends))
        {
            return Knowledge.New;
        }

        oldest = appends.ForgottenThrough.Next;
        if (appends.Window.TryGet(sequence, out append))
        {
            return Knowledge.Remembered;
        }

        // A client may have several appends under way: a lower number that comes late is not yet an old one.
        return sequence < oldest ? Knowledge.Forgotten : Knowledge.New;
    }

    /// <summary>Remembers an append that is in the journal.</summary>
    public void Remember(ClientId client, ClientSequence sequence, in Append append)
    {
        var appends = ClientOf(client);
        Invariant.Check(appends.Window.TryAdd(sequence, append), "an append that is remembered is not appended again");
        Count++;
        _oldestFirst.Enqueue((client, sequence));
        if (appends.Window.Count > PerClientMax)
        {
            // By number, not by age: what stays is a window below the client's newest number.
            Forget(client, appends.Window.Lowest);
        }

        while (Count > TotalMax)
        {
            var (oldClient, oldSequence) = _oldestFirst.Dequeue();
            Forget(oldClient, oldSequence);
        }

        // The queue may name appends that are gone; it is bounded by dropping those when they reach its front.
        while (_oldestFirst.TryPeek(out var front) && !Contains(front.Client, front.Sequence))
        {
            _oldestFirst.Dequeue();
        }

        if (_oldestFirst.Count > 2 * TotalMax)
        {
            DropStaleFromQueue();
        }
    }

    /// <summary>Writes everything, oldest first, so that <see cref="Read"/> restores the same future.</summary>
    public void Write(IBufferWriter<byte> destination)
    {
        DropStaleFromQueue();
        WriteCount(destination, _clients.Count);
        foreach (var (client, appends) in _clients.OrderBy(c => c.Key))
        {
            var span = destination.GetSpan(BytesPerClient);
            Identifier128.Write(client.Value, span);
            BinaryPrimitives.WriteUInt64LittleEndian(span[16..], appends.ForgottenThrough.Value);
            destination.Advance(BytesPerClient);
        }

        WriteCount(destination, Count);
        foreach (var (client, sequence) in _oldestFirst)
        {
            var isRemembered = _clients[client].Window.TryGet(sequence, out var append);
            Invariant.Check(isRemembered, "the queue names what is remembered");
            var span = destination.GetSpan(BytesPerAppend);
            Identifier128.Write(client.Value, span);
            BinaryPrimitives.WriteUInt64LittleEndian(span[16..], sequence.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(span[24..], append.First.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(span[32..], append.Last.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(span[40..], append.ContentHash);
            destination.Advance(BytesPerAppend);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; returns the bytes behind it.</summary>
    /// <exception cref="FormatException">The bytes end early.</exception>
    public static RememberedAppends Read(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> rest)
    {
        var appends = new RememberedAppends();
        for (var n = ReadCount(ref source, BytesPerClient); n > 0; n--, source = source[BytesPerClient..])
        {
            appends.ClientOf(ReadClient(source)).ForgottenThrough =
                new ClientSequence(BinaryPrimitives.ReadUInt64LittleEndian(source[16..]));
        }

        for (var n = ReadCount(ref source, BytesPerAppend); n > 0; n--, source = source[BytesPerAppend..])
        {
            appends.Remember(
                ReadClient(source),
                new ClientSequence(BinaryPrimitives.ReadUInt64LittleEndian(source[16..])),
                new Append(
                    new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(source[24..])),
                    new SequenceNumber(BinaryPrimitives.ReadUInt64LittleEndian(source[32..])),
                    BinaryPrimitives.ReadUInt64LittleEndian(source[40..])));
        }

        rest = source;
        return appends;
    }

    private static void WriteCount(IBufferWriter<byte> destination, int count)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination.GetSpan(sizeof(int)), count);
        destination.Advance(sizeof(int));
    }

    private static int ReadCount(ref ReadOnlySpan<byte> source, int bytesEach)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(source, out var count)
            || count is < 0 or > TotalMax
            || source.Length - sizeof(int) < (long)count * bytesEach)
        {
            throw new FormatException("The remembered appends of a snapshot end early.");
        }

        source = source[sizeof(int)..];
        return count;
    }

    private static ClientId ReadClient(ReadOnlySpan<byte> source) =>
        ClientId.TryRead(source[..Identifier128.ByteCount], out var client)
            ? client
            : throw new FormatException("A client id of a snapshot is not 16 bytes.");

    private ClientAppends ClientOf(ClientId client)
    {
        if (!_clients.TryGetValue(client, out var appends))
        {
            appends = new ClientAppends();
            _clients.Add(client, appends);
        }

        return appends;
    }

    private bool Contains(ClientId client, ClientSequence sequence) =>
        _clients.TryGetValue(client, out var appends) && appends.Window.Contains(sequence);

    private void Forget(ClientId client, ClientSequence sequence)
    {
        if (!_clients.TryGetValue(client, out var appends) || !appends.Window.Remove(sequence))
        {
            return;
        }

        Count--;
        if (sequence > appends.ForgottenThrough)
        {
            appends.ForgottenThrough = sequence;
        }

        if (appends.Window.Count == 0)
        {
            _clients.Remove(client);
        }
    }

    private void DropStaleFromQueue()
    {
        for (var n = _oldestFirst.Count; n > 0; n--)
        {
            var item = _oldestFirst.Dequeue();
            if (Contains(item.Client, item.Sequence))
            {
                _oldestFirst.Enqueue(item);
            }
        }
    }

    private sealed class ClientAppends
    {
        public AppendWindow Window { get; } = new();

        public ClientSequence ForgottenThrough { get; set; }
    }
}
