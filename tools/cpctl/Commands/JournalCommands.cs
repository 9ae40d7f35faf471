using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl journal serve|append|read|tail|status|fence|check-tail</c>.</summary>
internal static class JournalCommands
{
    public static Command Build(Terminal terminal) => new CpctlCommand(
        "journal", "A durable, ordered journal of your own: append under conditions, read, follow, fence.")
        .With(JournalServeCommand.Build(terminal), JournalAppendCommand.Build(terminal), Read(terminal), Tail(terminal), Fence(terminal), Status(terminal), CheckTail(terminal));

    public static Argument<string> Journal() => new("JOURNAL") { Description = "Its name in the node's configuration, or its id." };

    private static CpctlCommand Read(Terminal terminal)
    {
        var journal = Journal();
        var from = new Option<ulong>("--from") { Description = "First position wanted.", HelpName = "POSITION", DefaultValueFactory = _ => 1 };
        var limit = new Option<uint>("--limit") { Description = "At most so many entries.", HelpName = "N", DefaultValueFactory = _ => 1_000 };
        return new CpctlCommand("read", "Prints committed entries, a line each.", "cpctl journal read orders --from 1 --limit 10", "cpctl journal read orders --json")
            .With(journal, from, limit)
            .Does(terminal, async context =>
            {
                var left = context.Get(limit);
                for (var next = context.Get(from); left > 0;)
                {
                    var page = await context.Client.Journal(context.Get(journal)).ReadAsync(next, Math.Min(left, 10_000), context.Cancellation);
                    Show(context, page.Entries);
                    left -= (uint)page.Entries.Count;
                    if (page.Next >= page.Tail || page.Next == next)
                    {
                        return;
                    }

                    next = page.Next;
                }
            });
    }

    private static CpctlCommand Tail(Terminal terminal)
    {
        var journal = Journal();
        var from = new Option<ulong>("--from") { Description = "First position wanted; 0 = from now on.", HelpName = "POSITION" };
        return new CpctlCommand("tail", "Prints committed entries as they come, without gap, also over restarts; ends by Ctrl-C.", "cpctl journal tail orders --from 1")
            .With(journal, from)
            .Does(terminal, async context =>
            {
                try
                {
                    await foreach (var response in context.Client.Journal(context.Get(journal)).TailAsync(context.Get(from), context.Cancellation))
                    {
                        Show(context, response.Entries);
                    }
                }
                catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
                {
                    // Ctrl-C is how a tail ends.
                }
            });
    }

    private static CpctlCommand Fence(Terminal terminal)
    {
        var journal = Journal();
        var token = new Argument<ulong>("TOKEN") { Description = "The new fence; higher than the current one." };
        var old = new Option<ulong>("--expected-old") { Description = "The current fence; nothing happens if it is another.", HelpName = "TOKEN" };
        return new CpctlCommand("fence", "Raises the fence: appends that do not show the new token fail from here on.", "cpctl journal fence orders 2 --expected-old 1")
            .With(journal, token, old)
            .Does(terminal, async context =>
            {
                var answer = await context.Client.Journal(context.Get(journal)).FenceAsync(context.Get(token), context.Get(old), context.Cancellation);
                if (answer.Raised)
                {
                    context.Show(new FenceView(answer.Token, answer.Position));
                    return ExitCode.Ok;
                }

                return Refused(context, "FENCED", $"the fence is {answer.Token}", "token", answer.Token);
            });
    }

    private static CpctlCommand Status(Terminal terminal)
    {
        var journal = Journal();
        return new CpctlCommand("status", "Positions, fence, durability and replicas of a journal.", "cpctl journal status orders").With(journal)
            .Does(terminal, async context =>
                context.Show(JournalStatusView.Of(await context.Client.Journal(context.Get(journal)).StatusAsync(context.Cancellation))));
    }

    private static CpctlCommand CheckTail(Terminal terminal)
    {
        var journal = Journal();
        return new CpctlCommand("check-tail", "The committed tail: every append acknowledged before this call is below it.", "cpctl journal check-tail orders").With(journal)
            .Does(terminal, async context =>
            {
                var tail = await context.Client.Journal(context.Get(journal)).CheckTailAsync(context.Cancellation);
                context.Show(new TailView(tail.Tail, tail.Fence, tail.Epoch));
            });
    }

    /// <summary>A failed condition is an answer of the journal, not an error of the call; for scripts it is a refusal like any other.</summary>
    public static ExitCode Refused(CommandContext context, string reason, string message, string name, ulong value)
    {
        var report = new FailureReport(ExitCode.Refused, "refused", reason, message)
        {
            Metadata = new Dictionary<string, string> { [name] = value.ToString(System.Globalization.CultureInfo.InvariantCulture) },
        };
        report.Write(context.Terminal, context.Json);
        return report.Exit;
    }

    private static void Show(CommandContext context, IEnumerable<Protocol.V1.JournalEntry> entries)
    {
        foreach (var entry in entries)
        {
            context.Show(EntryView.Of(entry));
        }
    }
}
