using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Runtime.Journals;
using ControlPlane.Runtime.Reading;
using ControlPlane.Server.Answers;
using ControlPlane.Server.Errors;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>Committed entries in answers of bounded size.</summary>
internal static class JournalReading
{
    /// <summary>An answer ends before it would be larger than this, in bytes: the largest message that a gRPC client takes by default.</summary>
    public const int AnswerBytesMax = 4 * 1024 * 1024;

    /// <summary>Entries from a position on, as many as fit, and the next position to ask for.</summary>
    public static (List<JournalEntry> Entries, SequenceNumber Next) Read(JournalEngine journal, SequenceNumber from, int entriesMax)
    {
        var entries = new List<JournalEntry>();
        var bytes = 64;
        try
        {
            var next = from;
            journal.Read(from, (in CommittedEntry entry) =>
            {
                var wire = entry.ToWire();

                // Its own length, and at most 16 bytes of framing around it.
                bytes += wire.CalculateSize() + 16;
                if (bytes > AnswerBytesMax)
                {
                    return false;
                }

                entries.Add(wire);
                next = next.Next;
                return entries.Count < entriesMax;
            });
            return (entries, next);
        }
        catch (PositionTrimmedException trimmed)
        {
            throw Refusals.Trimmed(trimmed.Asked, trimmed.Head);
        }
    }

    /// <summary>Everything from a position on, for as long as the call lives. A slow reader is behind, and holds up nobody.</summary>
    public static async Task TailAsync(JournalEngine journal, SequenceNumber from, IServerStreamWriter<TailResponse> responses, CancellationToken cancellation)
    {
        var next = from;
        try
        {
            while (true)
            {
                await journal.WaitForCommitAsync(next, cancellation);
                (var entries, next) = Read(journal, next, Validation.JournalRequests.ReadEntriesDefault);
                await responses.WriteAsync(new TailResponse { Entries = { entries }, Next = next.Value }, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The reader has left or the node stops: the stream ends in good order.
        }
    }
}
