namespace ControlPlane.Primitives;

/// <summary>Who asks for and pays for leases.</summary>
public readonly record struct TenantName
{
    private TenantName(string value) => Value = value;

    /// <summary>The text; never null except in <c>default</c>, which is not a name.</summary>
    public string Value { get; }

    /// <summary>True if <paramref name="text"/> is well formed (see <see cref="Name.Rule"/>).</summary>
    public static bool TryCreate(string? text, out TenantName name)
    {
        var ok = Name.IsWellFormed(text);
        name = ok ? new TenantName(text!) : default;
        return ok;
    }

    /// <summary>For text that is known to be well formed; throws <see cref="ArgumentException"/> otherwise.</summary>
    public static TenantName Create(string text) =>
        TryCreate(text, out var name) ? name : throw new ArgumentException($"'{text}' is not a name: {Name.Rule}.", nameof(text));

    /// <summary>The text.</summary>
    public override string ToString() => Value ?? "";
}
