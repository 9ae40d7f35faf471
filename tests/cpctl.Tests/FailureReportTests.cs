using ControlPlane.Client;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl.Tests;

public sealed class FailureReportTests
{
    [Theory]
    [InlineData(CallOutcome.Refused, 1)]
    [InlineData(CallOutcome.Unknown, 2)]
    [InlineData(CallOutcome.Unreachable, 69)]
    [InlineData(CallOutcome.Faulted, 70)]
    public void An_outcome_has_one_exit_code(CallOutcome outcome, int exit) => Assert.Equal(exit, (int)ExitCodes.Of(outcome));

    [Fact]
    public void Every_reason_has_a_name_of_the_contract()
    {
        foreach (var reason in Enum.GetValues<ErrorReason>())
        {
            Assert.Matches("^[A-Z_]+$", ReasonNames.Of(reason));
        }
    }

    [Fact]
    public async Task A_plane_that_is_not_there_ends_with_69_and_says_what_to_do()
    {
        var (exit, output, error) = await ScriptedTerminal.RunAsync("status", "--address", "http://127.0.0.1:1", "--timeout", "3s");
        Assert.Equal((69, ""), (exit, output));
        Assert.Equal("error: UNREACHABLE: nothing answers at http://127.0.0.1:1\n  Start one with `cpctl dev`, or name another with --address.\n", error);
    }

    [Fact]
    public void An_unexpected_failure_is_reported_without_a_stack_trace()
    {
        var report = FailureReport.Of(new InvalidOperationException("broken"), TestContext.Current.CancellationToken)!;
        Assert.Equal(ExitCode.Internal, report.Exit);
        Assert.DoesNotContain(" at ", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_invariant_is_not_caught() =>
        Assert.Null(FailureReport.Of(new Primitives.InvariantViolationException("x"), TestContext.Current.CancellationToken));
}
