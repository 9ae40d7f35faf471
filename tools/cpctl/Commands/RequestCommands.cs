using System.CommandLine;
using ControlPlane.Primitives;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl lookup</c> and <c>cancel</c>: what became of a request, by its id alone.</summary>
internal static class RequestCommands
{
    public static IEnumerable<Command> Build(Terminal terminal) => [Lookup(terminal), Cancel(terminal)];

    private static CpctlCommand Lookup(Terminal terminal)
    {
        var request = Request();
        return new CpctlCommand(
            "lookup",
            "What became of a request, also after a crash of the caller or the plane.",
            "cpctl lookup 00112233445566778899aabbccddeeff")
            .With(request)
            .Does(terminal, async context =>
            {
                var id = context.Get(request);
                context.Show(RequestView.Of(id.ToString(), await context.Client.LookupAsync(id, context.Cancellation)));
            });
    }

    private static CpctlCommand Cancel(Terminal terminal)
    {
        var request = Request();
        return new CpctlCommand(
            "cancel",
            "Makes sure that a request holds nothing: a waiting one is dropped, its leases are ended. Repeating it is harmless.",
            "cpctl cancel 00112233445566778899aabbccddeeff")
            .With(request)
            .Does(terminal, async context =>
            {
                var id = context.Get(request);
                var response = await context.Client.CancelAsync(id, context.Cancellation);
                context.Show(new CancellationView(id.ToString(), response.Ended, response.WasWaiting));
            });
    }

    private static Argument<RequestId> Request() => new("REQUEST-ID")
    {
        Description = "32 hexadecimal digits, as `cpctl allocate` printed them.",
        CustomParser = RequestIdArgument.Parse,
    };
}
