using System.CommandLine;
using ControlPlane.Security;

namespace ControlPlane.Cpctl;

/// <summary>The certificate that a command shows, and whom it trusts: three files, from the command line or the environment.</summary>
internal static class TlsOptions
{
    public static Option<string> Ca { get; } = FileOption("--ca", "Authorities that the plane's and the workers' certificates must chain to, PEM.", CaVariable);

    public static Option<string> Cert { get; } = FileOption("--cert", "This caller's certificate, PEM.", CertVariable);

    public static Option<string> Key { get; } = FileOption("--key", "The certificate's private key, PEM.", KeyVariable);

    public static IReadOnlyList<Option<string>> All { get; } = [Ca, Cert, Key];

    private static string CaVariable => "CONTROLPLANE_CA";

    private static string CertVariable => "CONTROLPLANE_CERT";

    private static string KeyVariable => "CONTROLPLANE_KEY";

    /// <summary>The files for these addresses: all three for https, none for http. Files in the environment are not in the way of a plane without TLS.</summary>
    public static TlsFiles? Of(ParseResult parsed, IReadOnlyList<string> addresses)
    {
        var secured = addresses.Count(address => new Uri(address).Scheme == Uri.UriSchemeHttps);
        if (secured == 0)
        {
            return All.FirstOrDefault(option => IsOnCommandLine(parsed, option)) is { } given
                ? throw new UsageException($"{given.Name} was given, and {addresses[0]} is plaintext", "Write https in --address, or leave the option out.")
                : null;
        }

        if (secured < addresses.Count)
        {
            throw new UsageException("some addresses are https and some are http", "A plane speaks TLS with all its nodes or with none.");
        }

        if (All.FirstOrDefault(option => string.IsNullOrEmpty(parsed.GetValue(option))) is { } missing)
        {
            throw new UsageException(
                $"{addresses[0]} takes a certificate, and {missing.Name} is not set",
                "Give --ca, --cert and --key, or set CONTROLPLANE_CA, CONTROLPLANE_CERT and CONTROLPLANE_KEY. `cpctl certs issue` makes them.");
        }

        return new TlsFiles(parsed.GetRequiredValue(Cert), parsed.GetRequiredValue(Key), parsed.GetRequiredValue(Ca));
    }

    /// <summary>The value that was written on the command line, or null: what the environment says is for callers, not for what is run.</summary>
    public static string? OnCommandLine(ParseResult parsed, Option<string> option) => IsOnCommandLine(parsed, option) ? parsed.GetValue(option) : null;

    private static bool IsOnCommandLine(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static Option<string> FileOption(string name, string description, string variable) => new(name)
    {
        Description = $"{description} Environment: {variable}.",
        HelpName = "FILE",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(variable) ?? "",
    };
}
