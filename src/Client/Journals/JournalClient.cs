using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using Google.Protobuf;

namespace ControlPlane.Client;

/// <summary>
/// A durable, ordered journal. Guarantee: an append that answers <c>Ok</c> is synced and has its position for ever; it is applied
/// once however often it had to be sent, as every attempt carries the same client id and sequence.
/// </summary>
/// <remarks>Thread-safe. Appends of one client that run at the same time have no order among themselves; those of a <see cref="JournalAppender"/> have.</remarks>
public sealed class JournalClient
{
    private readonly CallRunner _calls;
    private readonly StreamFollower _streams;
    private readonly PlaneAddresses _addresses;
    private readonly ControlPlaneClientOptions _options;
    private readonly ByteString _clientId = ByteString.CopyFrom(NewIdentifier.Client().ToByteArray());
    private ulong _lastSequence;

    internal JournalClient(string name, CallRunner calls, StreamFollower streams, PlaneAddresses addresses, ControlPlaneClientOptions options)
    {
        Name = name;
        _calls = calls;
        _streams = streams;
        _addresses = addresses;
        _options = options;
    }

    /// <summary>The journal's name or id.</summary>
    public string Name { get; }

    /// <summary>
    /// Appends entries atomically. A failed condition is an answer, has no effect and says what is true. Throws with
    /// <see cref="CallOutcome.Unknown"/> if the deadline passes without an answer.
    /// </summary>
    public Task<AppendResponse> AppendAsync(
        IEnumerable<ReadOnlyMemory<byte>> entries, AppendOptions? conditions = null, CancellationToken cancellation = default)
    {
        var request = AppendRequests.New(Name, _clientId, Interlocked.Increment(ref _lastSequence), entries, conditions);
        return RunAsync(CallKind.Idempotent, (e, o) => e.Journal.AppendAsync(request, o), cancellation);
    }

    /// <summary>
    /// Opens an appender: one stream to the writer for many appends at a time, for a multiple of the throughput of calls of their own. With a client
    /// id of its own. Dispose it.
    /// </summary>
    public JournalAppender OpenAppender() => new(Name, _streams, _addresses, _options);

    /// <summary>Committed entries from a position on, as many as fit one answer.</summary>
    public Task<ReadResponse> ReadAsync(ulong from, uint maxEntries = 0, CancellationToken cancellation = default)
    {
        var request = new ReadRequest { Journal = Name, From = from, MaxEntries = maxEntries };
        return RunAsync(CallKind.Read, (e, o) => e.Journal.ReadAsync(request, o), cancellation);
    }

    /// <summary>Committed entries from a position on, for ever, without gap or repetition over lost connections.</summary>
    /// <param name="from">First position wanted; 0 = what is committed from now on.</param>
    /// <param name="cancellation">Ends the tail.</param>
    public IAsyncEnumerable<TailResponse> TailAsync(ulong from, CancellationToken cancellation = default) =>
        JournalTail.FollowAsync(_streams, _addresses, this, from, cancellation);

    /// <summary>The committed tail and the fence: every append acknowledged before this call began is below it.</summary>
    public Task<CheckTailResponse> CheckTailAsync(CancellationToken cancellation = default) =>
        RunAsync(CallKind.Read, (e, o) => e.Journal.CheckTailAsync(new CheckTailRequest { Journal = Name }, o), cancellation);

    /// <summary>
    /// Raises the fence from <paramref name="expectedOld"/> to <paramref name="newToken"/>. Sent again only while it surely was not
    /// applied: after a lost answer nobody could tell our raise from another's to the same token.
    /// </summary>
    public Task<FenceResponse> FenceAsync(ulong newToken, ulong expectedOld, CancellationToken cancellation = default)
    {
        var request = new FenceRequest { Journal = Name, NewToken = newToken, ExpectedOld = expectedOld };
        return RunAsync(CallKind.Once, (e, o) => e.Journal.FenceAsync(request, o), cancellation);
    }

    /// <summary>Drops entries below a position that a snapshot covers; answers the first one kept.</summary>
    public async Task<ulong> TrimAsync(ulong below, CancellationToken cancellation = default)
    {
        var request = new TrimRequest { Journal = Name, Below = below };
        return (await RunAsync(CallKind.Idempotent, (e, o) => e.Journal.TrimAsync(request, o), cancellation).ConfigureAwait(false)).Head;
    }

    /// <summary>Stores a snapshot that covers everything up to <paramref name="appliedPosition"/>; durable when this returns.</summary>
    public Task<PutSnapshotResponse> PutSnapshotAsync(ulong appliedPosition, Stream content, CancellationToken cancellation = default) =>
        JournalSnapshots.PutAsync(_streams.EndpointOf(_addresses), Name, appliedPosition, content, cancellation);

    /// <summary>Writes the newest snapshot to <paramref name="destination"/> and answers the position that it covers.</summary>
    public Task<SequenceNumber> GetSnapshotAsync(Stream destination, CancellationToken cancellation = default) =>
        JournalSnapshots.GetAsync(_streams.EndpointOf(_addresses), Name, destination, cancellation);

    /// <summary>Positions, fence, durability and replicas.</summary>
    public Task<JournalStatusResponse> StatusAsync(CancellationToken cancellation = default) =>
        RunAsync(CallKind.Read, (e, o) => e.Journal.StatusAsync(new JournalStatusRequest { Journal = Name }, o), cancellation);

    private Task<T> RunAsync<T>(CallKind kind, CallRunner.Send<T> send, CancellationToken cancellation) =>
        _calls.RunAsync(kind, () => _addresses, _options.Deadline, send, cancellation);
}
