namespace ControlPlane.Primitives;

/// <summary>What runs in a sandbox, without its version.</summary>
public readonly record struct FunctionName
{
    private FunctionName(string value) => Value = value;

    /// <summary>The text; never null except in <c>default</c>, which is not a name.</summary>
    public string Value { get; }

    /// <summary>True if <paramref name="text"/> is well formed (see <see cref="Name.Rule"/>).</summary>
    public static bool TryCreate(string? text, out FunctionName name)
    {
        var ok = Name.IsWellFormed(text);
        name = ok ? new FunctionName(text!) : default;
        return ok;
    }

    /// <summary>For text that is known to be well formed; throws <see cref="ArgumentException"/> otherwise.</summary>
    public static FunctionName Create(string text) =>
        TryCreate(text, out var name) ? name : throw new ArgumentException($"'{text}' is not a name: {Name.Rule}.", nameof(text));

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
