using System.CommandLine.Parsing;
using ControlPlane.Primitives;

namespace ControlPlane.Cpctl;

/// <summary>Request ids on the command line: 32 hexadecimal digits.</summary>
internal static class RequestIdArgument
{
    public static RequestId Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!RequestId.TryParse(text, out var id))
        {
            result.AddError($"'{text}' is not a request id: write 32 hexadecimal digits");
        }

        return id;
    }

    public static RequestId? ParseOptional(ArgumentResult result) => Parse(result);
}
