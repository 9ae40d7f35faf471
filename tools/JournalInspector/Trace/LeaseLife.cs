using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.Trace;

/// <summary>One lease's life in a few figures.</summary>
/// <param name="Lease">Position of its grant.</param>
/// <param name="Token">Its fencing token, epoch and position.</param>
/// <param name="Sandbox">What it held.</param>
/// <param name="Request">Who asked.</param>
/// <param name="Granted">When.</param>
/// <param name="ConfirmedAfterMs">From grant to confirmation; absent: never confirmed.</param>
/// <param name="Renewals">How often it was renewed.</param>
/// <param name="TtlMs">As of the last renewal.</param>
/// <param name="LongestGapMs">Longest time between two signs of life (grant, confirmation, renewal, end).</param>
/// <param name="End">How it ended; absent: still held where the journal ends.</param>
/// <param name="HeldMs">From grant to end, or to the last entry read.</param>
internal sealed record LeaseLife(
    ulong Lease,
    string Token,
    ulong Sandbox,
    string Request,
    string Granted,
    double? ConfirmedAfterMs,
    int Renewals,
    long TtlMs,
    double LongestGapMs,
    string? End,
    double HeldMs)
{
    /// <summary>The lives told by <paramref name="events"/>, in order of their grants.</summary>
    public static IEnumerable<LeaseLife> Of(IReadOnlyList<TraceEvent> events, JournalTime until) =>
        events.Where(e => e.Entry.Entry!.LeaseGranted is not null).Select(grant => Of(grant, events, until));

    private static LeaseLife Of(TraceEvent grant, IReadOnlyList<TraceEvent> events, JournalTime until)
    {
        var terms = grant.Entry.Entry!.LeaseGranted;
        var lease = grant.Position.Value;
        var own = events.Where(e => e.Position > grant.Position && (e.Entry.About.Lease == lease || e.Ends.Contains(lease))).ToArray();
        var end = own.FirstOrDefault(e => e.Ends.Contains(lease));
        var renewals = own.Where(e => e.Entry.Entry!.LeaseRenewed is not null).ToArray();
        var last = end?.Time ?? until;
        JournalTime[] signs = [grant.Time, .. own.Where(e => e.Time <= last).Select(e => e.Time), last];
        return new LeaseLife(
            lease,
            new FencingToken(grant.Epoch, grant.Position).ToString(),
            terms.Sandbox,
            grant.Entry.About.Request.ToString()!,
            grant.Time.ToString(),
            own.FirstOrDefault(e => e.Entry.Entry!.LeaseConfirmed is not null)?.Time.Since(grant.Time).TotalMilliseconds,
            renewals.Length,
            renewals.LastOrDefault()?.Entry.Entry!.LeaseRenewed.TtlMs ?? terms.TtlMs,
            signs.Zip(signs.Skip(1), (a, b) => b.Since(a).TotalMilliseconds).Max(),
            end is null ? null : EndOf(end.Entry.Entry!),
            last.Since(grant.Time).TotalMilliseconds);
    }

    private static string EndOf(Entry entry) => entry.KindCase switch
    {
        Entry.KindOneofCase.LeaseReleased => "released",
        Entry.KindOneofCase.LeaseExpired => entry.LeaseExpired.Reason switch
        {
            EndReason.Ttl => "expired",
            EndReason.Unconfirmed => "never confirmed",
            EndReason.Drained => "drained",
            EndReason.Cancelled => "cancelled",
            _ => "ended",
        },
        Entry.KindOneofCase.SandboxDied => $"sandbox died: {entry.SandboxDied.Reason}",
        Entry.KindOneofCase.WorkerLost => "worker lost",
        _ => "ended",
    };
}
