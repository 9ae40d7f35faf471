using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Histories;

/// <summary>
/// Reads a history of a key-value store, one event in a line:
/// <c>{:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}</c>, with <c>:ok</c>, <c>:fail</c> or <c>:info</c> at the end of
/// each call.
/// </summary>
public static partial class KeyValueLog
{
    /// <summary>The history, with numbers of lines for times. What failed had no effect and is left out; what ended in <c>:info</c> or not at all is pending for ever.</summary>
    /// <exception cref="FormatException">A line is of another form, or contradicts those before: a line left out would make the verdict worthless.</exception>
    public static IReadOnlyList<Operation<KeyValueCall>> Parse(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var calls = new RecordedCalls<KeyValueCall>();
        foreach (var (index, text) in lines.Index())
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                Take(calls, Line().Match(text), index + 1);
            }
        }

        return calls.ToHistory();
    }

    private static void Take(RecordedCalls<KeyValueCall> calls, Match line, long number)
    {
        if (!line.Success)
        {
            throw new FormatException($"Line {number} is not one of a key-value log.");
        }

        var process = long.Parse(line.Groups["process"].ValueSpan, CultureInfo.InvariantCulture);
        var value = line.Groups["value"].Success ? Unescape(line.Groups["value"].Value) : null;
        switch (line.Groups["type"].Value)
        {
            case "invoke":
                calls.Begin(process, new KeyValueCall(Function(line), Unescape(line.Groups["key"].Value), value, IsAnswered: false), number);
                break;
            case "ok":
                calls.Answer(process, call => call with { Value = call.Function == KeyValueFunction.Get ? value : call.Value, IsAnswered = true }, number);
                break;
            case "fail":
                calls.Forget(process, number);
                break;
            default:
                calls.GiveUp(process, number);
                break;
        }
    }

    private static KeyValueFunction Function(Match line) => line.Groups["function"].Value switch
    {
        "get" => KeyValueFunction.Get,
        "put" => KeyValueFunction.Put,
        _ => KeyValueFunction.Append,
    };

    private static string Unescape(string text) => Escape().Replace(text, "$1");

    [GeneratedRegex("""^\{:process (?<process>\d+), :type :(?<type>invoke|ok|fail|info), :f :(?<function>get|put|append), :key "(?<key>([^"\\]|\\["\\])*)", :value (nil|"(?<value>([^"\\]|\\["\\])*)")\}\s*$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Escape();
}
