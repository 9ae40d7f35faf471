namespace ControlPlane.Verification.Models;

/// <summary>What is asked of a key-value store.</summary>
public enum KeyValueFunction
{
    /// <summary>The text under a key.</summary>
    Get,

    /// <summary>To hold a text under a key.</summary>
    Put,

    /// <summary>To add a text to the end of what is under a key.</summary>
    Append,
}

/// <summary>A request to a key-value store with its answer.</summary>
/// <param name="Function">What is asked.</param>
/// <param name="Key">About what.</param>
/// <param name="Value">What was got (null if nothing was answered), or is to be held or added.</param>
/// <param name="IsAnswered">False if the outcome is unknown.</param>
public readonly record struct KeyValueCall(KeyValueFunction Function, string Key, string? Value, bool IsAnswered)
{
    /// <summary>For sentences.</summary>
    public override string ToString()
    {
        var request = Function switch
        {
            KeyValueFunction.Get => IsAnswered ? $"get of \"{Shorten(Value)}\"" : "get",
            KeyValueFunction.Put => $"put of \"{Shorten(Value)}\"",
            _ => $"append of \"{Shorten(Value)}\"",
        };
        return IsAnswered ? request : $"unanswered {request}";
    }

    /// <summary>What a sentence shows of a text: its end, where the newest appends are.</summary>
    internal static string Shorten(string? text)
    {
        const int CharactersMax = 60;
        return text is null ? "" : text.Length <= CharactersMax ? text : $"…{text[^CharactersMax..]}";
    }
}
