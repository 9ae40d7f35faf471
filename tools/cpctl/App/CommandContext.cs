using System.CommandLine;
using ControlPlane.Client;
using ControlPlane.Security;

namespace ControlPlane.Cpctl;

/// <summary>What a command works with: its arguments, a client of the plane, and where its result goes.</summary>
internal sealed class CommandContext(ParseResult parsed, Terminal terminal, CancellationToken cancellation) : IDisposable
{
    private ControlPlaneClient? _client;

    public Terminal Terminal { get; } = terminal;

    public CancellationToken Cancellation { get; } = cancellation;

    public bool Json { get; } = GlobalOptions.IsJson(parsed);

    public string Tenant { get; } = parsed.GetRequiredValue(GlobalOptions.Tenant);

    public TimeSpan Timeout { get; } = parsed.GetRequiredValue(GlobalOptions.Timeout).Value;

    public IReadOnlyList<string> Addresses { get; } = GlobalOptions.AddressesOf(parsed);

    /// <summary>The certificate files for <see cref="Addresses"/>; null: plaintext.</summary>
    public TlsFiles? Tls => TlsOptions.Of(parsed, Addresses);

    public ControlPlaneClient Client => _client ??= new ControlPlaneClient(new ControlPlaneClientOptions
    {
        Addresses = Addresses,
        Tls = Tls,
        Tenant = Tenant,
        Deadline = Timeout,
    });

    public OperatorClient Operator => Client.Operator;

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>What was written on the command line itself, not in the environment; null if nothing was.</summary>
    public string? OnCommandLine(Option<string> option) => TlsOptions.OnCommandLine(parsed, option);

    /// <summary>Writes the result: a line of JSON, or what a person wants to see.</summary>
    public void Show(View view) => view.Write(Terminal, Json);

    /// <summary>Something worth knowing beside the result; nothing for programs.</summary>
    public void Note(string text)
    {
        if (!Json)
        {
            Terminal.Error.WriteLine(text);
        }
    }

    public void Dispose() => _client?.Dispose();
}
