using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.App;

/// <summary>Options that name things of the worker manager, as other tools print them or as bare positions.</summary>
internal static class NameOption
{
    public static Option<ulong?> Sandbox(string description) => new("--sandbox")
    {
        Description = description,
        HelpName = "ID",
        CustomParser = result => Position(result, text => SandboxId.TryParse(text, out var id) ? id.Position.Value : null, "S0-12"),
    };

    public static Option<ulong?> Lease(string description) => new("--lease")
    {
        Description = description,
        HelpName = "ID",
        CustomParser = result => Position(result, text => LeaseId.TryParse(text, out var id) ? id.Position.Value : null, "L0-15"),
    };

    public static Option<RequestId?> Request(string description) => new("--request")
    {
        Description = description,
        HelpName = "ID",
        CustomParser = result => Identifier(result, text => RequestId.TryParse(text, out var id) ? id : (RequestId?)null),
    };

    public static Option<ClientId?> Client(string description) => new("--client")
    {
        Description = description,
        HelpName = "ID",
        CustomParser = result => Identifier(result, text => ClientId.TryParse(text, out var id) ? id : (ClientId?)null),
    };

    private static ulong? Position(ArgumentResult result, Func<string, ulong?> parse, string example)
    {
        var text = result.Tokens[0].Value;
        if (parse(text) is { } named)
        {
            return named;
        }

        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position > 0)
        {
            return position;
        }

        result.AddError($"'{text}' is neither an id such as {example} nor a position");
        return null;
    }

    private static T? Identifier<T>(ArgumentResult result, Func<string, T?> parse)
        where T : struct
    {
        var text = result.Tokens[0].Value;
        if (parse(text) is { } id)
        {
            return id;
        }

        result.AddError($"'{text}' is not an id: write 32 hexadecimal digits");
        return null;
    }
}
