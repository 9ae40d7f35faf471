namespace ControlPlane.Replication.Messages;

/// <summary>An encoded message's first byte. Numbers are for ever: a kind that is given up leaves a gap.</summary>
internal enum PeerMessageKind : byte
{
    Join = 1,
    Joined = 2,
    Append = 3,
    Appended = 4,
    Refused = 5,
    Healed = 6,
    HandOver = 7,
    Kept = 8,

    Seal = 16,
    Sealed = 17,
    Fetch = 18,
    Fetched = 19,
    Copy = 20,
    Copied = 21,
    FetchSnapshot = 22,
    SnapshotPart = 23,

    Prepare = 32,
    Prepared = 33,
    Accept = 34,
    Accepted = 35,
    BallotRefused = 36,
    Found = 37,
    Founded = 38,
}
