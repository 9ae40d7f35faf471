using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl watch</c>.</summary>
internal static class WatchCommand
{
    public static Command Build(Terminal terminal)
    {
        var from = new Option<ulong>("--from") { Description = "First journal position wanted; 0 = from now on.", HelpName = "POSITION" };
        var mine = new Option<bool>("--this-tenant") { Description = "Only leases of --tenant." };
        var until = new Option<ulong>("--until") { Description = "Stop after this position.", HelpName = "POSITION", DefaultValueFactory = _ => ulong.MaxValue };
        var partition = PartitionOption.Create();
        return new CpctlCommand(
            "watch",
            "Prints every committed change of a partition in order, without gap, also over restarts of the plane; ends by Ctrl-C.",
            "cpctl watch",
            "cpctl watch --from 1 --json | jq -c 'select(.kind==\"leaseExpired\")'")
            .With(from, mine, until, partition)
            .Does(terminal, async context =>
            {
                var tenant = context.Get(mine) ? context.Tenant : "";
                try
                {
                    await foreach (var response in context.Client.WatchAsync(context.Get(from), tenant, context.PartitionOf(partition), context.Cancellation))
                    {
                        foreach (var change in response.Changes.Where(change => change.Position <= context.Get(until)))
                        {
                            context.Show(ChangeView.Of(change));
                        }

                        if (response.Position >= context.Get(until))
                        {
                            return;
                        }
                    }
                }
                catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
                {
                    // Ctrl-C is how a watch ends.
                }
            });
    }
}
