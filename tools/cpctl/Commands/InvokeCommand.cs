using System.CommandLine;
using ControlPlane.Client;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl invoke</c>: the function's answer goes to standard output byte for byte.</summary>
internal static class InvokeCommand
{
    public static Command Build(Terminal terminal)
    {
        var options = new AllocationOptions();
        options.Function.Arity = ArgumentArity.ZeroOrOne;
        var payload = new Option<string>("--payload", "-p") { Description = "What the function gets: text, @FILE, or - for standard input.", HelpName = Payload.Help };
        var payloadFile = new Option<string>("--payload-file") { Description = "The same as --payload @FILE.", HelpName = "FILE" };
        var lease = new Option<LeaseReference[]>("--lease")
        {
            Description = "Use this lease and keep it, instead of allocating and releasing one.",
            HelpName = "LEASE",
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = LeaseReference.ParseAll,
        };
        var command = new CpctlCommand(
            "invoke",
            "Leases a sandbox, runs one invocation in it through its worker's gate, and releases it. The answer goes to standard output byte for byte.",
            "cpctl invoke echo-sh --payload '{\"hello\":\"world\"}'",
            "cpctl invoke echo-sh --payload @request.bin > answer.bin",
            "date | cpctl invoke echo-sh --payload -",
            "cpctl invoke --lease L0-1234@3 --payload hello")
            .With(options.All).With(payload, payloadFile, lease);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(options.Function) is { Tokens.Count: > 0 }) == (result.GetResult(lease) is not null))
            {
                result.AddError("name a FUNCTION, or a lease with --lease");
            }

            if (result.GetResult(payload) is not null && result.GetResult(payloadFile) is not null)
            {
                result.AddError("give --payload or --payload-file, not both");
            }
        });
        return command.Does(terminal, async context =>
        {
            var bytes = context.Get(payloadFile) is { } file
                ? await Payload.ReadFileAsync(file, context.Cancellation)
                : await Payload.ReadAsync(context.Get(payload) ?? "", terminal.Input, context.Cancellation);
            if (context.Get(lease) is [var reference])
            {
                await InvokeAsync(context, await AdoptAsync(context, reference), bytes, release: false);
            }
            else
            {
                await InvokeAsync(context, await context.Client.AllocateAsync(options.Read(context), context.Cancellation), bytes, release: true);
            }
        });
    }

    private static async Task InvokeAsync(CommandContext context, LeaseHandle lease, byte[] payload, bool release)
    {
        try
        {
            var response = await lease.InvokeAsync(payload, cancellation: context.Cancellation);
            var view = InvocationView.Of(LeaseView.Of(lease.Lease), response, release);
            if (context.Json)
            {
                context.Show(view);
            }
            else
            {
                await context.Terminal.Output.WriteAsync(response.Payload.Memory, context.Cancellation);
                context.Note($"{(context.Terminal.IsInteractive ? "\n" : "")}{view.Lease} on {view.Worker}, {response.DurationUs} µs in the function");
            }
        }
        finally
        {
            if (release)
            {
                await lease.DisposeAsync();
            }
        }

        if (lease.ReleaseFailure is { } failure)
        {
            context.Note($"the lease could not be released ({failure.Message}); it ends by its time to live");
        }
    }

    private static async Task<LeaseHandle> AdoptAsync(CommandContext context, LeaseReference reference)
    {
        var lease = await LeasePages.FindAsync(context, reference)
            ?? throw new UsageException($"{reference.Id} is not held by tenant {context.Tenant}", "`cpctl lease list` shows what is held.");
        lease.Fence = reference.ToWire().Fence;
        return context.Client.Adopt(lease);
    }
}
