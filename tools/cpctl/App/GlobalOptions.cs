using System.CommandLine;
using System.CommandLine.Parsing;

namespace ControlPlane.Cpctl;

/// <summary>Options that every command has.</summary>
internal static class GlobalOptions
{
    public const string DefaultAddress = "http://127.0.0.1:7070";

    public static Option<string> Address { get; } = new("--address", "-a")
    {
        Description = "Where the plane listens; several nodes separated by commas. Environment: CPCTL_ADDRESS.",
        HelpName = "URL",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CPCTL_ADDRESS") is { Length: > 0 } set ? set : DefaultAddress,
    };

    public static Option<string> Tenant { get; } = new("--tenant", "-t")
    {
        Description = "Who asks and pays. Environment: CPCTL_TENANT.",
        HelpName = "NAME",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CPCTL_TENANT") is { Length: > 0 } set ? set : "default",
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "One JSON document per line on standard output; errors as JSON on standard error.",
        Recursive = true,
    };

    public static Option<Duration> Timeout { get; } = new("--timeout")
    {
        Description = "How long a call may take, its retries included (500ms, 10s, 2m).",
        HelpName = "TIME",
        Recursive = true,
        CustomParser = Duration.Parse,
        DefaultValueFactory = _ => Duration.FromSeconds(5),
    };

    public static void AddTo(RootCommand root)
    {
        Address.Validators.Clear();
        Address.Validators.Add(RequireHttpAddresses);
        root.Add(Address);
        root.Add(Tenant);
        root.Add(Json);
        root.Add(Timeout);
        foreach (var option in TlsOptions.All)
        {
            root.Add(option);
        }
    }

    /// <summary>Also for a command line that does not parse: a program that asked for JSON gets its error as JSON.</summary>
    public static bool IsJson(ParseResult parsed) =>
        parsed.GetValue(Json) || parsed.Tokens.Any(token => token.Value == Json.Name);

    public static IReadOnlyList<string> AddressesOf(ParseResult parsed) =>
        parsed.GetRequiredValue(Address).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void RequireHttpAddresses(OptionResult result)
    {
        var text = result.GetValueOrDefault<string>() ?? "";
        var addresses = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (addresses.Length == 0 || !addresses.All(a => Uri.TryCreate(a, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")))
        {
            result.AddError($"'{text}' is not an address: write http://HOST:PORT, for instance {DefaultAddress}");
        }
    }
}
