using System.Collections;
using System.Globalization;
using System.Reflection;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using CsCheck;

namespace ControlPlane.Replication.Tests.Messages;

/// <summary>One fixed message of each kind, and generators of all others.</summary>
internal static class PeerMessageSamples
{
    private static readonly ReplicaId One = new(1);
    private static readonly ReplicaId Two = new(2);
    private static readonly ChainHash Hash = new(new UInt128(0x0102030405060708, 0x090A0B0C0D0E0F10));
    private static readonly byte[] Bytes = [0xAA, 0xBB, 0xCC];
    private static readonly RegisterState State = new([One, Two], 5, Bytes);

    private static readonly Gen<ulong> AnyNumber = Gen.ULong;
    private static readonly Gen<UInt128> AnyWide = Gen.Select(Gen.ULong, Gen.ULong, (high, low) => new UInt128(high, low));
    private static readonly Gen<Epoch> AnyEpoch = AnyNumber.Select(n => new Epoch(n));
    private static readonly Gen<SequenceNumber> AnySequence = AnyNumber.Select(n => new SequenceNumber(n));
    private static readonly Gen<ChainHash> AnyHash = AnyWide.Select(n => new ChainHash(n));
    private static readonly Gen<ReplicaId> AnyReplica = AnyWide.Select(n => new ReplicaId(n));
    private static readonly Gen<ReplicaId[]> AnyReplicas = AnyReplica.Array[0, PeerLimits.ReplicasMax];
    private static readonly Gen<ReadOnlyMemory<byte>> AnyBytes = Gen.Byte.Array[0, 600].Select(b => new ReadOnlyMemory<byte>(b));
    private static readonly Gen<Ballot> AnyBallot = Gen.Select(AnyNumber, AnyReplica, (counter, who) => new Ballot(counter, who));
    private static readonly Gen<RegisterState> AnyState =
        Gen.Select(AnyReplicas, AnyNumber, AnyBytes, (acceptors, version, value) => new RegisterState(acceptors, version, value));

    private static readonly Gen<ClosedReign> AnyReign =
        Gen.Select(AnyEpoch, AnySequence, AnySequence, (epoch, start, tail) => new ClosedReign(epoch, start, tail));

    private static readonly Gen<PeerMessage> AnyMessage = Gen.OneOf<PeerMessage>(
        Gen.Select(AnyEpoch, AnySequence, AnyHash, AnyReign.Array[0, 80], Gen.Bool, (e, s, h, c, m) => (PeerMessage)new Join(e, s, h, c, m)),
        Gen.Select(AnyEpoch, AnySequence, AnyHash, Gen.Bool, (e, s, h, w) => (PeerMessage)new Joined(e, s, h, w)),
        Gen.Select(AnyEpoch, AnySequence, AnyNumber, AnySequence, AnyBytes, (e, c, n, f, b) => (PeerMessage)new Append(e, c, n, f, b)),
        Gen.Select(AnyEpoch, AnySequence, AnyNumber, AnySequence, Gen.Bool, (e, d, n, s, w) => (PeerMessage)new Appended(e, d, n, s, w)),
        Gen.Select(AnyEpoch, Gen.Bool, Gen.Enum<PeerRefusal>(), AnySequence, (e, s, r, l) => (PeerMessage)new Refused(e, s, r, l)),
        Gen.Select(AnyEpoch, AnySequence, (e, h) => (PeerMessage)new Healed(e, h)),
        Gen.Select(AnyEpoch, AnySequence, (e, f) => (PeerMessage)new Kept(e, f)),
        Gen.Select(AnyEpoch, AnyReplicas, (e, r) => (PeerMessage)new HandOver(e, r)),
        Gen.Select(AnyEpoch, Gen.Bool, (e, f) => (PeerMessage)new Seal(e, f)),
        Gen.Select(AnyEpoch, AnySequence, AnyHash, AnyEpoch, (e, l, h, w) => (PeerMessage)new Sealed(e, l, h, w)),
        Gen.Select(AnySequence, AnySequence, (f, t) => (PeerMessage)new Fetch(f, t)),
        Gen.Select(AnySequence, AnyBytes, (f, b) => (PeerMessage)new Fetched(f, b)),
        Gen.Select(AnyEpoch, AnySequence, AnyBytes, (e, f, b) => (PeerMessage)new Copy(e, f, b)),
        Gen.Select(AnyEpoch, AnySequence, AnyHash, (e, l, h) => (PeerMessage)new Copied(e, l, h)),
        Gen.Select(AnySequence, AnyNumber, (p, o) => (PeerMessage)new FetchSnapshot(p, o)),
        Gen.Select(AnySequence, AnyNumber, AnyNumber, AnyBytes, (p, o, l, b) => (PeerMessage)new SnapshotPart(p, o, l, b)),
        AnyBallot.Select(b => (PeerMessage)new Prepare(b)),
        Gen.Select(AnyBallot, AnyBallot, AnyState, (b, a, s) => (PeerMessage)new Prepared(b, a, s)),
        Gen.Select(AnyBallot, AnyState, (b, s) => (PeerMessage)new Accept(b, s)),
        AnyBallot.Select(b => (PeerMessage)new Accepted(b)),
        Gen.Select(AnyBallot, AnyBallot, (b, p) => (PeerMessage)new BallotRefused(b, p)),
        AnyReplicas.Select(r => (PeerMessage)new Found(r)),
        AnyReplicas.Select(r => (PeerMessage)new Founded(r)));

    /// <summary>Any message of any kind from anyone.</summary>
    public static Gen<PeerEnvelope> AnyEnvelope { get; } =
        Gen.Select(AnyWide, AnyReplica, AnyMessage, (journal, from, message) => new PeerEnvelope(new JournalId(journal), from, message));

    /// <summary>A message of each kind, with the bytes of its fields in hexadecimal; the kind's number first.</summary>
    public static IReadOnlyList<(PeerMessage Message, string Kind, string Fields)> Golden { get; } =
    [
        (new Join(new Epoch(3), new SequenceNumber(4), Hash, [new ClosedReign(new Epoch(1), new SequenceNumber(1), new SequenceNumber(4))], true), "01",
            U64(3) + U64(4) + HashHex + "01000000" + U64(1) + U64(1) + U64(4) + "01"),
        (new Joined(new Epoch(3), new SequenceNumber(4), Hash, false), "02", U64(3) + U64(4) + HashHex + "00"),
        (new Append(new Epoch(3), new SequenceNumber(4), 5, new SequenceNumber(6), Bytes), "03", U64(3) + U64(4) + U64(5) + U64(6) + BytesHex),
        (new Appended(new Epoch(3), new SequenceNumber(4), 5, new SequenceNumber(6), true), "04", U64(3) + U64(4) + U64(5) + U64(6) + "01"),
        (new Refused(new Epoch(3), true, PeerRefusal.NotMember, new SequenceNumber(6)), "05", U64(3) + "01" + "08" + U64(6)),
        (new Healed(new Epoch(3), new SequenceNumber(4)), "06", U64(3) + U64(4)),
        (new Kept(new Epoch(3), new SequenceNumber(4)), "08", U64(3) + U64(4)),
        (new HandOver(new Epoch(3), [One, Two]), "07", U64(3) + ReplicasHex),
        (new Seal(new Epoch(3), true), "10", U64(3) + "01"),
        (new Sealed(new Epoch(3), new SequenceNumber(4), Hash, new Epoch(2)), "11", U64(3) + U64(4) + HashHex + U64(2)),
        (new Fetch(new SequenceNumber(3), new SequenceNumber(4)), "12", U64(3) + U64(4)),
        (new Fetched(new SequenceNumber(3), Bytes), "13", U64(3) + BytesHex),
        (new Copy(new Epoch(3), new SequenceNumber(4), Bytes), "14", U64(3) + U64(4) + BytesHex),
        (new Copied(new Epoch(3), new SequenceNumber(4), Hash), "15", U64(3) + U64(4) + HashHex),
        (new FetchSnapshot(new SequenceNumber(3), 4), "16", U64(3) + U64(4)),
        (new SnapshotPart(new SequenceNumber(3), 4, 5, Bytes), "17", U64(3) + U64(4) + U64(5) + BytesHex),
        (new Prepare(new Ballot(7, One)), "20", BallotHex(7)),
        (new Prepared(new Ballot(7, One), new Ballot(6, One), State), "21", BallotHex(7) + BallotHex(6) + StateHex),
        (new Accept(new Ballot(7, One), State), "22", BallotHex(7) + StateHex),
        (new Accepted(new Ballot(7, One)), "23", BallotHex(7)),
        (new BallotRefused(new Ballot(7, One), new Ballot(8, One)), "24", BallotHex(7) + BallotHex(8)),
        (new Found([One, Two]), "25", ReplicasHex),
        (new Founded([One, Two]), "26", ReplicasHex),
    ];

    private static string HashHex => "100F0E0D0C0B0A090807060504030201";

    private static string BytesHex => "03000000AABBCC";

    private static string ReplicasHex => "02000000" + Id(1) + Id(2);

    private static string StateHex => ReplicasHex + U64(5) + BytesHex;

    /// <summary>All that a message says, in words: what two equal messages have in common although lists and memory compare by reference.</summary>
    public static string Describe(PeerEnvelope envelope) => $"{envelope.Journal} {envelope.From} {DescribeValue(envelope.Message)}";

    private static string U64(byte value) => value.ToString("X2", CultureInfo.InvariantCulture) + "00000000000000";

    private static string Id(byte value) => U64(value) + U64(0);

    private static string BallotHex(byte counter) => U64(counter) + Id(1);

    private static string DescribeValue(object? value) => value switch
    {
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        IEnumerable list and not string => $"[{string.Join(", ", list.Cast<object>().Select(DescribeValue))}]",
        PeerMessage or RegisterState => value.GetType().Name + "{" + string.Join(", ", value.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(p => $"{p.Name}={DescribeValue(p.GetValue(value))}")) + "}",
        _ => value?.ToString() ?? "",
    };
}
