using System.CommandLine;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl journal append</c>.</summary>
internal static class JournalAppendCommand
{
    public static CpctlCommand Build(Terminal terminal)
    {
        var journal = JournalCommands.Journal();
        var entries = new Argument<string[]>("ENTRY") { Description = "One entry each: text, @FILE, or - for standard input.", Arity = ArgumentArity.OneOrMore };
        var tail = new Option<ulong>("--expected-tail") { Description = "Only if the journal's next position is exactly this.", HelpName = "POSITION" };
        var token = new Option<ulong>("--fencing-token") { Description = "Only if this is the journal's current fence.", HelpName = "TOKEN" };
        return new CpctlCommand(
            "append",
            "Appends entries, all or none, and prints their positions. They are durable when printed.",
            "cpctl journal append orders '{\"id\":1}'",
            "cpctl journal append orders @blob.bin --expected-tail 42")
            .With(journal, entries, tail, token)
            .Does(terminal, async context =>
            {
                var payloads = new List<ReadOnlyMemory<byte>>();
                foreach (var entry in context.Get(entries))
                {
                    payloads.Add(await Payload.ReadAsync(entry, terminal.Input, context.Cancellation));
                }

                var conditions = new AppendOptions
                {
                    ExpectedTail = context.Has(tail) ? context.Get(tail) : null,
                    FencingToken = context.Has(token) ? context.Get(token) : null,
                };
                var answer = await context.Client.Journal(context.Get(journal)).AppendAsync(payloads, conditions, context.Cancellation);
                return Shown(context, answer);
            });
    }

    private static ExitCode Shown(CommandContext context, AppendResponse answer)
    {
        switch (answer.ResultCase)
        {
            case AppendResponse.ResultOneofCase.Ok:
                context.Show(new AppendView(answer.Ok.First, answer.Ok.Last, answer.Ok.Replayed, answer.Ok.Durability));
                return ExitCode.Ok;
            case AppendResponse.ResultOneofCase.TailMismatch:
                return JournalCommands.Refused(context, "TAIL_MISMATCH", $"the journal's next position is {answer.TailMismatch.Tail}", "tail", answer.TailMismatch.Tail);
            case AppendResponse.ResultOneofCase.Fenced:
                return JournalCommands.Refused(context, "FENCED", $"the journal's fence is {answer.Fenced.Token}", "fence", answer.Fenced.Token);
            default:
                // This process sends each sequence once: an answer about an earlier use of it contradicts the contract.
                throw new InvalidOperationException($"the plane answered an append with '{answer.ResultCase}'");
        }
    }
}
