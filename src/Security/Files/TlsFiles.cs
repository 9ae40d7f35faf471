namespace ControlPlane.Security;

/// <summary>Where a process finds what it needs to speak TLS; all three are PEM files.</summary>
/// <param name="Certificate">Its certificate, first, and any intermediate ones behind it.</param>
/// <param name="Key">The certificate's private key, not encrypted.</param>
/// <param name="Ca">The authorities that the other side's certificate must chain to; nothing else is trusted, not the system's own list either.</param>
public sealed record TlsFiles(string Certificate, string Key, string Ca);

/// <summary>One of the three.</summary>
public enum TlsFile
{
    /// <summary><see cref="TlsFiles.Certificate"/>.</summary>
    Certificate,

    /// <summary><see cref="TlsFiles.Key"/>.</summary>
    Key,

    /// <summary><see cref="TlsFiles.Ca"/>.</summary>
    Ca,
}

/// <summary>Something that makes a file unusable.</summary>
/// <param name="File">Which.</param>
/// <param name="Wrong">What is wrong, as a clause.</param>
/// <param name="Remedy">What to change, as an order.</param>
public sealed record TlsFileProblem(TlsFile File, string Wrong, string Remedy)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Wrong}. {Remedy}.";
}

/// <summary>The files cannot be used; every problem is listed.</summary>
public sealed class TlsFilesException(IReadOnlyList<TlsFileProblem> problems)
    : Exception("TLS cannot be set up:" + string.Concat(problems.Select(problem => $"\n  - {problem}")))
{
    /// <summary>What is wrong; at least one.</summary>
    public IReadOnlyList<TlsFileProblem> Problems { get; } = problems;
}
