using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Stats;

/// <summary>Counts everything in one pass.</summary>
internal sealed class StatsCollector
{
    private const int NamesMax = 100_000;
    private const int NamesShown = 20;

    private readonly Dictionary<string, SizeHistogram> _kinds = [];
    private readonly SizeHistogram _all = new();
    private readonly TopCounts _clients = new(NamesMax);
    private readonly TopCounts _tenants = new(NamesMax);
    private readonly TenantNames _names = new();
    private readonly PeakRate _peak = new();
    private long _appends;
    private long _grants;
    private JournalTime? _first;
    private JournalTime _last;

    public void See(in ScannedEntry entry)
    {
        var decoded = DecodedEntry.Of(entry.Header, entry.Payload);
        var bytes = entry.Encoded.Length;
        if (!_kinds.TryGetValue(decoded.Kind, out var sizes))
        {
            _kinds.Add(decoded.Kind, sizes = new SizeHistogram());
        }

        sizes.Add(bytes);
        _all.Add(bytes);
        _appends += entry.Header.EndsAppend ? 1 : 0;
        _grants += decoded.Entry?.LeaseGranted is null ? 0 : 1;
        _peak.Add(entry.Header.Time);
        _first ??= entry.Header.Time;
        _last = entry.Header.Time;
        CountNames(entry, decoded, bytes);
    }

    public StatsReport Report(WalkResult walk)
    {
        var seconds = _first is { } first ? _last.Since(first).TotalSeconds : 0;
        return new StatsReport
        {
            Entries = _all.Count,
            Bytes = _all.Sum,
            Appends = _appends,
            First = walk.First?.Value,
            Last = walk.End?.Last.Value,
            FirstTime = _first?.ToString(),
            LastTime = _first is null ? null : _last.ToString(),
            Seconds = seconds,
            EntriesPerSecond = seconds > 0 ? _all.Count / seconds : null,
            BytesPerSecond = seconds > 0 ? _all.Sum / seconds : null,
            GrantsPerSecond = seconds > 0 ? _grants / seconds : null,
            PeakEntriesPerSecond = _peak.Peak,
            PeakSecond = _peak.At?.ToString(),
            Kinds =
            [
                .. _kinds.OrderByDescending(kind => kind.Value.Count).ThenBy(kind => kind.Key, StringComparer.Ordinal)
                    .Select(kind => StatsKind.Of(kind.Key, kind.Value)),
                .. _kinds.Count > 0 ? [StatsKind.Of(StatsReport.AllKinds, _all)] : Array.Empty<StatsKind>(),
            ],
            Clients = _clients.Top(NamesShown),
            Tenants = _tenants.Top(NamesShown),
            Damage = [.. walk.Findings.Select(finding => finding.Line)],
        };
    }

    private void CountNames(in ScannedEntry entry, DecodedEntry decoded, int bytes)
    {
        var client = decoded.About.Client is { IsNone: false } caller ? caller : entry.Header.Client;
        if (!client.IsNone)
        {
            _clients.Add(client.ToString(), bytes);
        }

        if (_names.See(decoded) is { } tenant)
        {
            _tenants.Add(tenant, bytes);
        }
    }
}
