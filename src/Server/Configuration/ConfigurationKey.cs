namespace ControlPlane.Server.Configuration;

/// <summary>A key that a node understands.</summary>
/// <param name="Path">As in a file, with colons between levels. A list has a number below its path.</param>
/// <param name="Default">What holds if nobody sets it, as it would be written.</param>
/// <param name="Meaning">For people; the README's table is checked against it.</param>
/// <param name="IsList">True if the values stand at <c>Path:0</c>, <c>Path:1</c> and so on.</param>
public sealed record ConfigurationKey(string Path, string Default, string Meaning, bool IsList = false)
{
    /// <summary>The environment variable that sets the key.</summary>
    public string EnvironmentVariable =>
        NodeConfiguration.EnvironmentPrefix + Path.ToUpperInvariant().Replace(":", "__", StringComparison.Ordinal);

    /// <summary>True if <paramref name="path"/> is this key, or an element of it if it is a list.</summary>
    public bool Covers(string path) =>
        string.Equals(path, Path, StringComparison.OrdinalIgnoreCase)
        || (IsList && path.StartsWith(Path + ":", StringComparison.OrdinalIgnoreCase) && int.TryParse(path.AsSpan(Path.Length + 1), out _));
}
