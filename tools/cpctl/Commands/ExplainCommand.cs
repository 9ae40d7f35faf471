using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl explain</c>.</summary>
internal static class ExplainCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new AllocationOptions();
        var at = new Option<ulong>("--at") { Description = "As of this journal position; 0 = now.", HelpName = "POSITION" };
        return new CpctlCommand(
            "explain",
            "What `allocate` would do, without doing it: what was considered and what each filter removed.",
            "cpctl explain echo-sh --cold warm",
            "cpctl explain echo-sh --at 1200")
            .With(options.WithoutRequestId).With(at)
            .Does(terminal, async context =>
                context.Show(ExplainView.Of(await context.Client.ExplainAsync(options.Read(context), context.Get(at), context.Cancellation))));
    }
}
