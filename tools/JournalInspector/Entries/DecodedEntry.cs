using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Partitions;
using ControlPlane.WorkerManager.Entries;
using Google.Protobuf;

namespace ControlPlane.JournalInspector.Entries;

/// <summary>An entry's payload as far as this program understands it. Never throws: what it cannot decode is opaque.</summary>
/// <param name="Kind">One of <see cref="EntryKinds"/>.</param>
/// <param name="Entry">The worker manager's entry, or null.</param>
/// <param name="Fence">The token of a fence, or null.</param>
/// <param name="About">What it speaks about.</param>
internal sealed record DecodedEntry(string Kind, Entry? Entry, JournalFence? Fence, EntryReferences About)
{
    public static DecodedEntry Of(in EntryHeader header, ReadOnlySpan<byte> payload)
    {
        try
        {
            if (header.Type == EntryType.Fence)
            {
                return new DecodedEntry(EntryKinds.Fence, null, FencePayload.Read(payload), default);
            }

            var entry = CoreReplay.Parse(payload);
            var kind = EntryKinds.Of(entry);
            return kind == EntryKinds.Opaque
                ? Opaque
                : new DecodedEntry(kind, entry, null, EntryReferences.Of(entry, header.Sequence.Value));
        }
        catch (Exception undecodable) when (undecodable is InvalidProtocolBufferException or FormatException)
        {
            return Opaque;
        }
    }

    private static DecodedEntry Opaque { get; } = new(EntryKinds.Opaque, null, null, default);

    /// <summary>The fields in one line.</summary>
    public string Summary => Entry is not null ? FieldText.Of(Entry) : Fence is { } fence ? $"token={fence.Value}" : "";
}
