namespace ControlPlane.JournalInspector.Reading;

/// <summary>Where a path leads, links followed as far as it exists: what two paths must be compared by.</summary>
internal readonly record struct ResolvedPath(string Full)
{
    public static ResolvedPath Of(string path)
    {
        var full = Path.GetFullPath(path);
        var resolved = Path.GetPathRoot(full)!;
        foreach (var name in full[resolved.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(resolved, name);
            var link = new FileInfo(next);
            resolved = link.LinkTarget is null ? next : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }

        return new ResolvedPath(resolved);
    }

    /// <summary>True if it is <paramref name="other"/> or lies below it.</summary>
    public bool IsWithin(ResolvedPath other) =>
        Full == other.Full || Full.StartsWith(other.Full.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
