using ControlPlane.Chaos.Recording;

namespace ControlPlane.Chaos.Reports;

/// <summary>Every fault twice: as a named bar in rows of its own, and as hatching over the lanes of those it hit.</summary>
internal sealed class FaultLanes(RunRecord run, TimeScale scale)
{
    private const double RowHeight = 15;
    private const double LetterWidth = 5.6;
    private const int RowsMax = 8;

    private readonly List<(RunEvent Fault, long To, string? Note)> _faults = Pair(run, scale);

    public double Draw(Svg svg, double top)
    {
        var ends = new List<double>();
        foreach (var (fault, to, note) in _faults)
        {
            var (from, until) = (scale.X(fault.At), scale.X(to));
            var label = fault.Targets is [var only] ? $"{fault.What} {only}" : fault.What!;
            var row = ends.FindIndex(end => end < from);
            if (row < 0 && ends.Count < RowsMax)
            {
                ends.Add(0);
                row = ends.Count - 1;
            }

            row = row < 0 ? ends.IndexOf(ends.Min()) : row;
            ends[row] = Math.Max(until, from + (label.Length * LetterWidth)) + 6;
            var y = top + (row * RowHeight);
            svg.Rectangle(from, y + 2, Math.Max(3, until - from), RowHeight - 4, "fault", TitleOf(fault, to, note), isFocusable: true);
            if (from + (label.Length * LetterWidth) < TimeScale.Right)
            {
                svg.Text(from + 3, y + 11, label, "small onfault");
            }
        }

        svg.Text(TimeScale.Left - 8, top + 12, "faults", "label end");
        return top + (Math.Max(1, ends.Count) * RowHeight) + 8;
    }

    public void Hatch(Svg svg, IReadOnlyDictionary<string, (double Y, double Height)> places)
    {
        foreach (var (fault, to, note) in _faults)
        {
            foreach (var target in (fault.Targets ?? []).Where(places.ContainsKey))
            {
                var (y, height) = places[target];
                svg.Rectangle(scale.X(fault.At), y, Math.Max(2, scale.X(to) - scale.X(fault.At)), height, "hatch", TitleOf(fault, to, note));
            }
        }
    }

    private static string TitleOf(RunEvent fault, long to, string? note) => string.Join(
        '\n',
        new[]
        {
            $"fault {fault.Fault}: {fault.What}{(fault.Targets is { Count: > 0 } targets ? $" of {string.Join(", ", targets)}" : "")}",
            $"{TimeScale.Show(fault.At)} to {TimeScale.Show(to)}", fault.Detail, note,
        }.Where(line => line is not null));

    private static List<(RunEvent Fault, long To, string? Note)> Pair(RunRecord run, TimeScale scale)
    {
        var ends = run.Events.Where(happened => happened is { Kind: EventKind.Fault, Over: true }).ToDictionary(end => end.Fault!.Value);
        return [.. run.Events.Where(happened => happened is { Kind: EventKind.Fault, Over: false })
            .Select(begin => ends.TryGetValue(begin.Fault!.Value, out var end) ? (begin, end.At, end.Detail) : (begin, scale.End, "not over"))];
    }
}
