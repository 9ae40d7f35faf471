namespace ControlPlane.Cpctl;

/// <summary>Where data goes if nobody says: below <c>$XDG_DATA_HOME/controlplane</c>, or <c>~/.local/share/controlplane</c>.</summary>
internal static class DataDirectories
{
    public static string Default(string purpose)
    {
        var home = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
        return Path.Combine(home, "controlplane", purpose);
    }
}
