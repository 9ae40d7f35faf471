using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl allocate</c>.</summary>
internal static class AllocateCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new AllocationOptions();
        var count = new Option<int>("--count", "-n") { Description = "How many sandboxes, all or none.", HelpName = "N", DefaultValueFactory = _ => 1 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100)
            {
                result.AddError("--count must be from 1 to 100");
            }
        });
        return new CpctlCommand(
            "allocate",
            "Leases sandboxes and prints the leases. They are durable when printed, and end by --ttl unless renewed or released.",
            "cpctl allocate echo-sh --ttl 5m",
            "LEASE=$(cpctl allocate echo-sh --json | jq -r .leases[0].lease)",
            "cpctl allocate echo-sh --request-id 00112233445566778899aabbccddeeff   # repeat it: the same lease")
            .With(options.All).With(count)
            .Does(terminal, async context =>
            {
                var leases = await context.Client.AllocateManyAsync(options.Read(context), context.Get(count), context.Cancellation);
                context.Show(AllocatedView.Of(leases));
            });
    }
}
