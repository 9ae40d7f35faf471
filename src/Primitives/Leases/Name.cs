namespace ControlPlane.Primitives;

/// <summary>The one rule for names that people choose.</summary>
public static class Name
{
    /// <summary>Longest name, in characters.</summary>
    public const int LengthMax = 64;

    /// <summary>The rule, for error messages.</summary>
    public const string Rule = "1 to 64 of a-z, A-Z, 0-9, '.', '_', '-', starting with a letter or digit";

    /// <summary>True if <paramref name="text"/> keeps <see cref="Rule"/>.</summary>
    public static bool IsWellFormed(string? text)
    {
        if (text is null or { Length: 0 or > LengthMax } || !char.IsAsciiLetterOrDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}
