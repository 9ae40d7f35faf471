using ControlPlane.CrashExplorer.Images;
using ControlPlane.Journal.Recovery;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Replicas;

namespace ControlPlane.CrashExplorer.Judging;

/// <summary>What the real storage made of an image. Nothing in it is a judgement.</summary>
internal sealed record OpeningFacts
{
    /// <summary>Alone, or among several.</summary>
    public required DamagePolicy Policy { get; init; }

    /// <summary>The message of a refusal; null if it opened.</summary>
    public string? Refusal { get; init; }

    public RefusalReason? Reason { get; init; }

    /// <summary>What ended it that was neither a success nor a refusal: always a bug.</summary>
    public string? Crash { get; init; }

    public ReplicaPromise Promise { get; init; }

    public JournalEnd End { get; init; }

    public ulong Head { get; init; } = 1;

    /// <summary>Hashes of the bytes of all entries that could be read, from <see cref="Head"/> on.</summary>
    public IReadOnlyList<ChainHash> Held { get; init; } = [];

    /// <summary>What reading refused, after the opening had not; null if everything was read.</summary>
    public string? ReadRefusal { get; init; }

    /// <summary>As text; null if the acceptor refused, or was not asked.</summary>
    public string? Acceptor { get; init; }

    public string? AcceptorRefusal { get; init; }

    /// <summary>As text; null if there is none.</summary>
    public string? Register { get; init; }

    public string? RegisterRefusal { get; init; }

    /// <summary>Positions and chain hashes of the whole snapshots, newest first.</summary>
    public IReadOnlyList<(ulong Position, ChainHash Hash)> Snapshots { get; init; } = [];

    /// <summary>The disk afterwards.</summary>
    public required DiskImage After { get; init; }

    public bool IsOpen => Refusal is null && Crash is null;

    /// <summary>What two openings, one after the other, must agree on. Not on the head: what a snapshot covers may be set aside by the second.</summary>
    public string Outcome => Crash ?? Refusal ?? FormattableString.Invariant(
        $"entries up to {End.Last} with hash {End.LastHash}, {Promise}, acceptor {Acceptor ?? AcceptorRefusal}, register {Register ?? RegisterRefusal}");
}
