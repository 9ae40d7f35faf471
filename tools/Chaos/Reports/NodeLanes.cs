using ControlPlane.Chaos.Recording;

namespace ControlPlane.Chaos.Reports;

/// <summary>A lane for each node: who it was in each partition, its epochs, and how much was committed; and one for each worker.</summary>
internal sealed class NodeLanes(RunRecord run, TimeScale scale)
{
    public const double Height = 50;
    public const double WorkerHeight = 18;
    private const double Gap = 8;

    /// <summary>The names of the lanes from the top, nodes and then workers.</summary>
    public IReadOnlyList<string> Names { get; } =
        [.. run.Events.Where(happened => happened.Kind == EventKind.Process).Select(happened => happened.Node!).Distinct().OrderBy(name => name.StartsWith('w')).ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>Draws them, and tells where each lies.</summary>
    public double Draw(Svg svg, double top, Dictionary<string, (double Y, double Height)> places)
    {
        var most = run.Events.Where(happened => happened is { Kind: EventKind.Status, Partition: 0 }).Max(happened => happened.Committed) ?? 1;
        foreach (var name in Names)
        {
            var height = name.StartsWith('w') ? WorkerHeight : Height;
            places[name] = (top, height);
            svg.Text(TimeScale.Left - 8, top + (height / 2) + 4, name, "label end");
            DrawProcess(svg, name, top, height);
            if (!name.StartsWith('w'))
            {
                DrawRoles(svg, name, top);
                DrawCommit(svg, name, top, most);
            }

            top += height + Gap;
        }

        return top;
    }

    /// <summary>When it ran.</summary>
    private void DrawProcess(Svg svg, string name, double top, double height)
    {
        svg.Rectangle(TimeScale.Left, top, TimeScale.Right - TimeScale.Left, height, "down", $"{name} is down");
        var (style, says) = name.StartsWith('w') ? ("up", "runs") : ("silent", "runs, and says nothing of itself");
        long? since = null;
        foreach (var happened in run.Events.Where(happened => happened.Kind == EventKind.Process && happened.Node == name))
        {
            if (happened.What == "started")
            {
                since = happened.At;
            }
            else if (since is { } from)
            {
                Span(svg, from, happened.At, top, height, style, $"{name} {says}");
                since = null;
                if (happened.Unexpected == true)
                {
                    svg.Circle(scale.X(happened.At), top + (height / 2), 5, "crash", FormattableString.Invariant($"{name} ended by itself with exit code {happened.ExitCode} at {TimeScale.Show(happened.At)}"), isFocusable: true);
                }
            }
        }

        if (since is { } last)
        {
            Span(svg, last, scale.End, top, height, style, $"{name} {says}");
        }
    }

    private void DrawRoles(Svg svg, string name, double top)
    {
        var statuses = run.Events.Where(happened => happened.Kind == EventKind.Status && happened.Node == name).GroupBy(status => status.Partition!.Value).OrderBy(group => group.Key).ToList();
        var strip = Height / Math.Max(1, statuses.Count);
        foreach (var (index, partition) in statuses.Index())
        {
            var spans = Spans([.. partition]);
            foreach (var (from, to, role, epoch) in spans.Where(span => span.Role is not null))
            {
                Span(svg, from, to, top + (index * strip), strip, $"role {Css(role)}", FormattableString.Invariant($"{name}{(statuses.Count > 1 ? FormattableString.Invariant($", partition {partition.Key}") : "")}: {role} in epoch {epoch}, {TimeScale.Show(from)} to {TimeScale.Show(to)}"));
                if (role == "leader" && scale.X(to) - scale.X(from) > 34 && strip > 11)
                {
                    svg.Text(scale.X(from) + 4, top + (index * strip) + 11, FormattableString.Invariant($"epoch {epoch}"), "small onleader");
                }
            }
        }
    }

    /// <summary>Stretches of the same role and epoch.</summary>
    private List<(long From, long To, string? Role, ulong? Epoch)> Spans(IReadOnlyList<RunEvent> statuses)
    {
        var spans = new List<(long From, long To, string? Role, ulong? Epoch)>();
        foreach (var (index, status) in statuses.Index())
        {
            var to = index + 1 < statuses.Count ? statuses[index + 1].At : scale.End;
            if (spans.Count > 0 && (spans[^1].Role, spans[^1].Epoch) == (status.Role, status.Epoch))
            {
                spans[^1] = spans[^1] with { To = to };
            }
            else
            {
                spans.Add((status.At, to, status.Role, status.Epoch));
            }
        }

        return spans;
    }

    private void DrawCommit(Svg svg, string name, double top, ulong most)
    {
        var points = run.Events.Where(happened => happened is { Kind: EventKind.Status, Partition: 0, Committed: > 0 } && happened.Node == name)
            .Select(status => FormattableString.Invariant($"{Svg.Number(scale.X(status.At))} {Svg.Number(top + Height - 2 - ((Height - 4) * status.Committed!.Value / most))}")).ToList();
        if (points.Count > 1)
        {
            svg.Path($"M{string.Join('L', points)}", "commit");
        }
    }

    private void Span(Svg svg, long from, long to, double top, double height, string style, string title)
    {
        if (to > scale.Begin && from < scale.End)
        {
            svg.Rectangle(scale.X(from), top, scale.X(to) - scale.X(from), height, style, title);
        }
    }

    private static string Css(string? role) => role switch
    {
        "leader" => "leader",
        "follower" => "follower",
        _ => "candidate",
    };
}
