using System.CommandLine;
using ControlPlane.JournalInspector.App;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Dump;

/// <summary>Which entries are wanted, the same for every command that shows entries.</summary>
internal static class EntryFilterOptions
{
    public static Option<ulong?> From { get; } = PositionOption.Named("--from", "First position shown.");

    public static Option<string[]> Kinds { get; } = KindOption();

    public static Option<ulong?> Sandbox { get; } = NameOption.Sandbox("Only entries of this sandbox and of its leases.");

    public static Option<ClientId?> Client { get; } = NameOption.Client("Only appends of this client, and grants to it.");

    public static DumpFilter Read(CommandContext context, SequenceNumber? to) => new()
    {
        From = context.Value(From) is { } from ? new SequenceNumber(from) : SequenceNumber.First,
        To = to,
        Kinds = context.Value(Kinds) ?? [],
        Sandbox = context.Value(Sandbox),
        Client = context.Value(Client),
    };

    private static Option<string[]> KindOption()
    {
        var option = new Option<string[]>("--type")
        {
            Description = "Only entries of these kinds, for instance lease_granted; may be repeated.",
            HelpName = "KIND",
            Arity = ArgumentArity.OneOrMore,
        };
        option.AcceptOnlyFromAmong([.. EntryKinds.All]);
        return option;
    }
}
