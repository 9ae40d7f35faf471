using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ControlPlane.Security;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>A certificate, as far as the plane looks at it.</summary>
internal sealed record CertificateView(string File, string KeyFile, string Identity, string WithoutIdentity, bool Authority, IReadOnlyList<string> Hosts) : View
{
    public string Subject { get; init; } = "";

    public string Issuer { get; init; } = "";

    public string ValidFrom { get; init; } = "";

    public string ValidUntil { get; init; } = "";

    /// <summary>SHA-256 of the whole certificate.</summary>
    public string Fingerprint { get; init; } = "";

    public static CertificateView Of(X509Certificate2 certificate, string file, string keyFile)
    {
        var isAuthority = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
        var identity = PeerIdentity.Read(certificate, out var why);
        return new CertificateView(file, keyFile, identity?.ToString() ?? "", isAuthority ? "" : why, isAuthority, SubjectNames.Of(certificate)?.Hosts ?? [])
        {
            Subject = certificate.Subject,
            Issuer = certificate.Issuer,
            ValidFrom = Time(certificate.NotBefore),
            ValidUntil = Time(certificate.NotAfter),
            Fingerprint = Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256)),
        };
    }

    public override IRenderable Render() => Layout.Properties(
        ("certificate", File),
        ("key", KeyFile.Length == 0 ? "" : $"{KeyFile} (keep it secret)"),
        ("identity", Identity),
        ("no identity", WithoutIdentity),
        ("authority", Authority ? "yes: it issues certificates" : ""),
        ("hosts", Hosts.Count > 0 ? string.Join(", ", Hosts) : Authority ? "" : "none: its holder only dials"),
        ("subject", Subject),
        ("issuer", Issuer),
        ("valid", $"{ValidFrom} to {ValidUntil}"),
        ("sha256", Fingerprint));

    private static string Time(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
