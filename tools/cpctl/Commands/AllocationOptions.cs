using System.CommandLine;
using System.CommandLine.Parsing;
using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary>What can be said about a wanted lease; shared by allocate, invoke and explain.</summary>
internal sealed class AllocationOptions
{
    private const string Warm = "warm";
    private const string Allow = "allow";
    private const string Reserve = "reserve";

    private readonly Option<Duration> _ttl = DurationOption("--ttl", "How long the lease lasts without renewal.", Duration.FromSeconds(60));
    private readonly Option<Duration> _maxWait = DurationOption("--max-wait", "How long to wait for a sandbox; 0 = fail fast.", Duration.FromSeconds(10));
    private readonly Option<Duration> _confirmWithin = DurationOption("--confirm-within", "The lease goes back by itself if it is not used or renewed in this time; 0 = never.", default);
    private readonly Option<uint> _version = new("--function-version") { Description = "0 = the newest.", HelpName = "N" };
    private readonly Option<uint> _priority = new("--priority") { Description = "0 to 9; waiting callers of higher priority are served first.", HelpName = "N" };
    private readonly Option<string> _zone = new("--zone") { Description = "Preferred zone.", HelpName = "NAME", DefaultValueFactory = _ => "" };
    private readonly Option<string> _cold = new("--cold") { Description = "May a new sandbox be started for this call? warm = no; reserve = yes, and do not wait until it has booted.", DefaultValueFactory = _ => Allow };
    private readonly Option<Dictionary<string, string>[]> _selectors = new("--selector", "-l")
    {
        Description = "Labels that the worker must have, as k=v,k2=v2; given several times, tried in order.",
        HelpName = "LABELS",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ParseSelectors,
    };

    private readonly Option<RequestId?> _requestId = new("--request-id")
    {
        Description = "32 hexadecimal digits. The same id gets the same lease, also after a crash of either side; made up and printed if left out.",
        HelpName = "ID",
        CustomParser = RequestIdArgument.ParseOptional,
    };

    public AllocationOptions() => _cold.AcceptOnlyFromAmong(Warm, Allow, Reserve);

    public Argument<string> Function { get; } = new("FUNCTION") { Description = "Name of a deployed function (`cpctl function list`)." };

    public Symbol[] All => [Function, _ttl, _maxWait, _confirmWithin, _version, _cold, _requestId, _selectors, _priority, _zone];

    public Symbol[] WithoutRequestId => [.. All.Where(symbol => symbol != _requestId)];

    public Allocation Read(CommandContext context) => new(context.Get(Function))
    {
        // Chosen here, not in the client: a one-shot process can only be asked about later if it prints an id that the plane keeps.
        RequestId = context.Get(_requestId) ?? NewIdentifier.Request(),
        Version = context.Get(_version),
        Selectors = context.Get(_selectors) ?? [],
        Priority = context.Get(_priority),
        Zone = context.Get(_zone) ?? "",
        MaxWait = context.Get(_maxWait).Value,
        Ttl = context.Get(_ttl).Value,
        ConfirmWithin = context.Get(_confirmWithin).Value,
        ColdPolicy = context.Get(_cold) switch
        {
            Warm => ColdPolicy.WarmOnly,
            Reserve => ColdPolicy.Reserve,
            _ => ColdPolicy.Allow,
        },
    };

    internal static Option<Duration> DurationOption(string name, string description, Duration value) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = Duration.Parse,
        DefaultValueFactory = _ => value,
    };

    private static Dictionary<string, string>[] ParseSelectors(ArgumentResult result)
    {
        var selectors = new List<Dictionary<string, string>>();
        foreach (var token in result.Tokens)
        {
            if (Labels.TryParse(token.Value, out var labels))
            {
                selectors.Add(labels);
            }
            else
            {
                result.AddError($"'{token.Value}' is not a list of labels: write name=value,name=value");
            }
        }

        return [.. selectors];
    }
}
