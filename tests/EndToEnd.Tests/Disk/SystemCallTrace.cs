using System.Globalization;
using System.Text.RegularExpressions;

namespace ControlPlane.EndToEnd.Tests.Disk;

/// <summary>
/// What <c>strace -f -o FILE</c> wrote, as calls with the order of their beginnings and ends. Each line is one event in the order of the tracer:
/// a call that another thread's event interrupts is written in two, "unfinished" and "resumed".
/// </summary>
internal sealed partial class SystemCallTrace
{
    private SystemCallTrace(IReadOnlyList<Call> calls) => Calls = calls;

    /// <summary>One call.</summary>
    /// <param name="Name">For instance <c>fdatasync</c>.</param>
    /// <param name="Arguments">As strace shows them.</param>
    /// <param name="Begun">Line at which it began.</param>
    /// <param name="Ended">Line at which it had returned.</param>
    /// <param name="Result">What it returned.</param>
    internal sealed record Call(string Name, string Arguments, int Begun, int Ended, long Result)
    {
        /// <summary>The file descriptor, which is the first argument of all the calls that matter here.</summary>
        public string Descriptor => Arguments.Split(',', 2)[0];
    }

    /// <summary>In order of their beginning.</summary>
    public IReadOnlyList<Call> Calls { get; }

    public static SystemCallTrace Parse(IReadOnlyList<string> lines)
    {
        var calls = new List<Call>();
        var open = new Dictionary<string, (string Name, string Arguments, int Begun)>();
        for (var number = 0; number < lines.Count; number++)
        {
            var line = lines[number];
            if (Unfinished().Match(line) is { Success: true } begun)
            {
                open[begun.Groups[1].Value] = (begun.Groups[2].Value, begun.Groups[3].Value, number);
            }
            else if (Resumed().Match(line) is { Success: true } ended && open.Remove(ended.Groups[1].Value, out var call))
            {
                calls.Add(new Call(call.Name, call.Arguments + ended.Groups[2].Value, call.Begun, number, Number(ended.Groups[3].Value)));
            }
            else if (Whole().Match(line) is { Success: true } whole)
            {
                calls.Add(new Call(whole.Groups[2].Value, whole.Groups[3].Value, number, number, Number(whole.Groups[4].Value)));
            }
        }

        return new SystemCallTrace([.. calls.OrderBy(call => call.Begun)]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^(\d+) +<\.\.\. \w+ resumed>(.*)\) += (-?\d+)")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^(\d+) +(\w+)\((.*)\) += (-?\d+)")]
    private static partial Regex Whole();
}
