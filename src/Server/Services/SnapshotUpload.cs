using System.Buffers;
using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Runtime.Journals;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Validation;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>A snapshot as it arrives from a journal's user, held whole in memory until it is published.</summary>
internal sealed class SnapshotUpload
{
    /// <summary>Largest snapshot of a journal for general use, in bytes. Full: OVERLOADED, and nothing is kept.</summary>
    public const int BytesMax = 256 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _payload = new();

    /// <summary>Which journal.</summary>
    public required string Journal { get; init; }

    /// <summary>The last position that it covers.</summary>
    public required SequenceNumber Applied { get; init; }

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Payload => _payload.WrittenMemory;

    /// <summary>Reads a whole upload.</summary>
    public static async Task<SnapshotUpload> ReadAsync(IAsyncStreamReader<PutSnapshotRequest> parts, CancellationToken cancellation)
    {
        var checks = new FieldChecks();
        if (!await parts.MoveNext(cancellation) || parts.Current.PartCase != PutSnapshotRequest.PartOneofCase.Begin)
        {
            checks.Fail("begin", "missing; it is the first part");
            checks.ThrowIfAny();
        }

        var begin = parts.Current.Begin;
        var upload = new SnapshotUpload { Journal = begin.Journal, Applied = new SequenceNumber(begin.AppliedPosition) };
        while (await parts.MoveNext(cancellation))
        {
            upload.Add(checks, parts.Current);
        }

        return upload;
    }

    /// <summary>Throws unless the position is committed and not older than the newest snapshot's.</summary>
    public void CheckPosition(JournalHost journal)
    {
        var oldest = journal.Engine.Snapshots.FindNewest(_ => { })?.Applied.Last ?? SequenceNumber.First;
        var newest = journal.Engine.Committed;
        var checks = new FieldChecks();
        checks.Require(
            Applied >= oldest && Applied <= newest,
            "begin.applied_position",
            string.Create(CultureInfo.InvariantCulture, $"{Applied} is not in {oldest} (the newest snapshot) to {newest} (the last committed position)"));
        checks.ThrowIfAny();
    }

    private void Add(FieldChecks checks, PutSnapshotRequest part)
    {
        checks.Require(part.PartCase == PutSnapshotRequest.PartOneofCase.Chunk, "chunk", "missing; only the first part is a beginning");
        checks.Require(part.Chunk.Length <= JournalRequests.SnapshotChunkBytesMax, "chunk", string.Create(CultureInfo.InvariantCulture, $"{part.Chunk.Length} bytes are more than {JournalRequests.SnapshotChunkBytesMax}"));
        checks.ThrowIfAny();
        if (_payload.WrittenCount + part.Chunk.Length > BytesMax)
        {
            throw Refusals.Overloaded("snapshot bytes", BytesMax);
        }

        _payload.Write(part.Chunk.Span);
    }
}
