using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Server.Validation;

/// <summary>What the journal service takes, checked. Nothing here looks at a journal.</summary>
internal static class JournalRequests
{
    /// <summary>Entries of one Read if the caller does not say.</summary>
    public const int ReadEntriesDefault = 1_000;

    /// <summary>Most entries of one Read.</summary>
    public const int ReadEntriesMax = 10_000;

    /// <summary>Largest chunk of a snapshot, in bytes.</summary>
    public const int SnapshotChunkBytesMax = 1024 * 1024;

    /// <summary>An append. The payloads are the request's own memory: it must live until the append is answered.</summary>
    public static Replication.Appending.AppendRequest Append(FieldChecks checks, AppendRequest request)
    {
        var payloads = Payloads(checks, request);
        var client = checks.OptionalClientId("client_id", request.ClientId);
        checks.Require(client.IsNone || request.ClientSequence > 0, "client_sequence", "0 with a client_id; a client numbers its appends from 1");
        checks.Require(!request.ClientId.IsEmpty || request.ClientSequence == 0, "client_sequence", "set without a client_id, which it belongs to");
        checks.Require(!request.HasExpectedTail || request.ExpectedTail > 0, "expected_tail", "0; positions start at 1");
        return new Replication.Appending.AppendRequest
        {
            Payloads = payloads,
            ExpectedTail = request.HasExpectedTail ? new SequenceNumber(request.ExpectedTail) : null,
            Fence = new JournalFence(request.FencingToken),
            Client = client,
            ClientSequence = new ClientSequence(request.ClientSequence),
        };
    }

    /// <summary>How many entries a Read wants.</summary>
    public static int ReadEntries(FieldChecks checks, ReadRequest request)
    {
        checks.Require(request.From > 0, "from", "0; positions start at 1");
        return request.MaxEntries == 0 ? ReadEntriesDefault : (int)checks.Range("max_entries", request.MaxEntries, 1, ReadEntriesMax);
    }

    /// <summary>A new fence.</summary>
    public static (JournalFence New, JournalFence ExpectedOld) Fence(FieldChecks checks, FenceRequest request)
    {
        checks.Require(request.NewToken > request.ExpectedOld, "new_token", string.Create(CultureInfo.InvariantCulture, $"{request.NewToken} is not higher than expected_old, {request.ExpectedOld}"));
        return (new JournalFence(request.NewToken), new JournalFence(request.ExpectedOld));
    }

    private static ReadOnlyMemory<byte>[] Payloads(FieldChecks checks, AppendRequest request)
    {
        if (!checks.Count("entries", request.Entries.Count, 1, EntryLimits.EntriesPerAppendMax))
        {
            return [];
        }

        var payloads = new ReadOnlyMemory<byte>[request.Entries.Count];
        long bytes = 0;
        for (var i = 0; i < payloads.Length; i++)
        {
            payloads[i] = request.Entries[i].Memory;
            bytes += payloads[i].Length;
            if (payloads[i].Length > EntryLimits.PayloadBytesMax)
            {
                checks.Fail(string.Create(CultureInfo.InvariantCulture, $"entries[{i}]"), string.Create(CultureInfo.InvariantCulture, $"{payloads[i].Length} bytes are more than {EntryLimits.PayloadBytesMax}"));
            }
        }

        checks.Require(bytes <= EntryLimits.AppendBytesMax, "entries", string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes in all are more than {EntryLimits.AppendBytesMax}"));
        return payloads;
    }
}
