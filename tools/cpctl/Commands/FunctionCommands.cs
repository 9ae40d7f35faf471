using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl function deploy|list|delete</c>.</summary>
internal static class FunctionCommands
{
    public static Command Build(Terminal terminal) =>
        new CpctlCommand("function", "Deploys and shows functions.").With(FunctionDeployCommand.Build(terminal), List(terminal), Delete(terminal));

    private static CpctlCommand List(Terminal terminal)
    {
        var all = new Option<bool>("--all-versions") { Description = "Older versions that still have sandboxes, too." };
        return new CpctlCommand("list", "The deployed functions and their sandboxes.", "cpctl function list").With(all).Does(terminal, async context =>
        {
            var response = await context.Operator.ListFunctionsAsync(context.Get(all), context.Cancellation);
            context.Show(new FunctionListView([.. response.Functions.Select(f => FunctionView.Of(f))]));
        });
    }

    private static CpctlCommand Delete(Terminal terminal)
    {
        var name = new Argument<string>("FUNCTION") { Description = "Its name." };
        return new CpctlCommand("delete", "No new leases of a function; its sandboxes end as they become free.", "cpctl function delete echo-sh").With(name)
            .Does(terminal, async context =>
            {
                await context.Operator.DeleteFunctionAsync(context.Get(name), context.Cancellation);
                context.Show(new DoneView($"function {context.Get(name)} is deleted"));
            });
    }
}
