using System.Text;

namespace ControlPlane.Cpctl;

/// <summary>Values of the contract's enums as output words: camelCase in JSON and text alike.</summary>
internal static class Words
{
    /// <summary><c>PartlyEnded</c> → <c>partlyEnded</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>For people: <c>LeaseGranted</c> → <c>lease granted</c>.</summary>
    public static string Spaced(string camelCase)
    {
        var text = new StringBuilder();
        foreach (var c in camelCase)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
