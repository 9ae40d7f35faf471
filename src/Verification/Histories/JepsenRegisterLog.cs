using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Histories;

/// <summary>
/// Reads what Jepsen logged about one register of etcd, line by line:
/// <c>INFO  jepsen.util - 2 :invoke :cas [3 0]</c>, separated by tabs, with the process first and <c>:ok</c>, <c>:fail</c> or
/// <c>:info</c> at the end of each call.
/// </summary>
public static partial class JepsenRegisterLog
{
    /// <summary>
    /// The history, with numbers of lines for times. A compare-and-set that failed is answered; anything else that failed had no effect
    /// and is left out; what ended in <c>:info</c> or not at all is pending for ever.
    /// </summary>
    /// <exception cref="FormatException">A line is of another form, or contradicts those before: a line left out would make the verdict worthless.</exception>
    public static IReadOnlyList<Operation<RegisterCall>> Parse(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var calls = new RecordedCalls<RegisterCall>();
        foreach (var (index, text) in lines.Index())
        {
            if (!string.IsNullOrWhiteSpace(text))
            {
                Take(calls, Line().Match(text), index + 1);
            }
        }

        return calls.ToHistory();
    }

    private static void Take(RecordedCalls<RegisterCall> calls, Match line, long number)
    {
        if (!line.Success)
        {
            throw new FormatException($"Line {number} is not one of a Jepsen log of a register.");
        }

        var process = long.Parse(line.Groups["process"].ValueSpan, CultureInfo.InvariantCulture);
        var function = line.Groups["function"].Value;
        switch (line.Groups["type"].Value)
        {
            case "invoke":
                calls.Begin(process, Invoked(function, line), number);
                break;
            case "ok" when function == "read":
                calls.Answer(process, call => call with { Value = Value(line.Groups["value"]), Answer = RegisterAnswer.Ok }, number);
                break;
            case "ok":
                calls.Answer(process, call => call with { Answer = RegisterAnswer.Ok }, number);
                break;
            case "fail" when function == "cas" && !line.Groups["why"].Success:
                calls.Answer(process, call => call with { Answer = RegisterAnswer.Mismatch }, number);
                break;
            case "fail":
                calls.Forget(process, number);
                break;
            default:
                calls.GiveUp(process, number);
                break;
        }
    }

    private static RegisterCall Invoked(string function, Match line) => function switch
    {
        "read" => new RegisterCall(RegisterFunction.Read, null, null, RegisterAnswer.None),
        "write" => new RegisterCall(RegisterFunction.Write, Value(line.Groups["value"]), null, RegisterAnswer.None),
        _ => new RegisterCall(RegisterFunction.CompareAndSet, Value(line.Groups["value"]), Value(line.Groups["expected"]), RegisterAnswer.None),
    };

    private static long? Value(Group group) =>
        group.Success && group.Value != "nil" ? long.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^INFO\s+jepsen\.util\s+-\s+(?<process>\d+)\s+:(?<type>invoke|ok|fail|info)\s+:(?<function>read|write|cas)\s+(?:\[(?<expected>nil|-?\d+) (?<value>nil|-?\d+)\]|(?<value>nil|-?\d+)|:(?<why>[\w-]+))\s*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
