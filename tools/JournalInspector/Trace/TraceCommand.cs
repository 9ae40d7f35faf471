using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Trace;

/// <summary><c>trace DIR --sandbox|--request|--lease ID</c>.</summary>
internal static class TraceCommand
{
    private static readonly Option<ulong?> Sandbox = NameOption.Sandbox("The sandbox, and every lease on it.");
    private static readonly Option<RequestId?> Request = NameOption.Request("The leases that a request got.");
    private static readonly Option<ulong?> Lease = NameOption.Lease("One lease.");

    public static Command Build(Terminal terminal, IDisk disk)
    {
        var command = new InspectorCommand(
            "trace",
            "The life of a lease or a sandbox, entry by entry: grant, confirmation, renewals, end, fencing tokens, and the time between.",
            "journal-inspector trace DIR --request 1f0c5a6e7d8b9a0b1c2d3e4f5a6b7c8d",
            "journal-inspector trace DIR --lease L0-1500",
            "journal-inspector trace DIR --sandbox S0-12");
        command.Validators.Add(result =>
        {
            if (new Option[] { Sandbox, Request, Lease }.Count(option => result.GetResult(option) is not null) != 1)
            {
                result.AddError("give exactly one of --sandbox, --request and --lease");
            }
        });
        return command.With(Sandbox, Request, Lease).Does(terminal, disk, Run);
    }

    private static ExitCode Run(CommandContext context)
    {
        var subject = new TraceSubject(context.Value(Sandbox), context.Value(Lease), context.Value(Request));
        var collector = new TraceCollector(subject);
        var progress = context.Progress("read");
        var last = default(JournalTime);
        var walk = new JournalWalk(context.OpenJournal(), (in ScannedEntry entry) =>
        {
            progress.Count(entry.Encoded.Length);
            last = entry.Header.Time;
            collector.See(entry.Header, DecodedEntry.Of(entry.Header, entry.Payload));
            return true;
        }).Run(SequenceNumber.First);
        progress.End();
        if (collector.Events.Count == 0)
        {
            throw new InspectionException($"nothing about {subject} in entries {walk.First ?? SequenceNumber.None} to {walk.End?.Last ?? SequenceNumber.None}");
        }

        context.Show(Report(subject, collector.Events, walk, last));
        return ExitCode.Ok;
    }

    private static TraceReport Report(TraceSubject subject, IReadOnlyList<TraceEvent> events, WalkResult walk, JournalTime last) => new()
    {
        Subject = subject.ToString(),
        ReadFrom = walk.First!.Value.Value,
        ReadTo = walk.End?.Last.Value ?? 0,
        Events = [.. events.Select((e, i) => new TraceLine(
            e.Position.Value,
            e.Time.ToString(),
            i == 0 ? null : e.Time.Since(events[i - 1].Time).TotalMilliseconds,
            e.Epoch.Value,
            e.Entry.Kind,
            e.Entry.Summary))],
        Leases = [.. LeaseLife.Of(events, last)],
        Damage = [.. walk.Findings.Select(finding => finding.Line)],
    };
}
