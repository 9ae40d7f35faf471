using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Security;

/// <summary>
/// A certificate authority in two files, for development and for small fleets: it issues what this project reads, with ECDSA on
/// P-256. It keeps no list of what it issued and revokes nothing: a lost key is answered with a new authority, or by waiting
/// for the certificate's end.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";
    private const int SerialNumberBytes = 16;

    // Two machines' clocks differ a little; a certificate is not void on the one that is behind.
    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);

    private readonly ECDsa _key;

    private CertificateAuthority(X509Certificate2 certificate, ECDsa key) => (Certificate, _key) = (certificate, key);

    /// <summary>The authority's certificate, which peers are configured to trust.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>A new authority, with a key of its own.</summary>
    public static CertificateAuthority Create(string name, DateTimeOffset now, TimeSpan lifetime)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Named(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var signed = request.CreateSelfSigned(now - Backdating, now + lifetime);
        return new CertificateAuthority(X509CertificateLoader.LoadCertificate(signed.RawData), key);
    }

    /// <summary>The authority in these PEM texts.</summary>
    /// <exception cref="CryptographicException">They are not a certificate and its key.</exception>
    public static CertificateAuthority FromPem(string certificatePem, string keyPem)
    {
        using var paired = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        var key = paired.GetECDsaPrivateKey() ?? throw new CryptographicException("The authority's key is not an ECDSA key.");
        return new CertificateAuthority(X509CertificateLoader.LoadCertificate(paired.RawData), key);
    }

    /// <summary>The certificate as PEM.</summary>
    public string CertificatePem() => Certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key as PEM.</summary>
    public string KeyPem() => _key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary>A certificate for whoever is <paramref name="identity"/>.</summary>
    /// <param name="identity">Who its holder will be.</param>
    /// <param name="hosts">DNS names and IP addresses where the holder serves; none: it may only dial.</param>
    /// <param name="now">When its validity begins (a little before).</param>
    /// <param name="lifetime">How long it is valid; never longer than the authority.</param>
    public IssuedCertificate Issue(PeerIdentity identity, IReadOnlyList<string> hosts, DateTimeOffset now, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return Issue(identity.Name, [identity.ToString()], hosts, now - Backdating, now + lifetime);
    }

    /// <summary>With any number of identities, well formed or not.</summary>
    internal IssuedCertificate Issue(string name, IReadOnlyList<string> identities, IReadOnlyList<string> hosts, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Named(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(Purposes(serves: hosts.Count > 0), critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (identities.Count + hosts.Count > 0)
        {
            request.CertificateExtensions.Add(Names(identities, hosts));
        }

        var serial = RandomNumberGenerator.GetBytes(SerialNumberBytes);
        serial[0] &= 0x7F;
        var authorityFrom = new DateTimeOffset(Certificate.NotBefore);
        var authorityUntil = new DateTimeOffset(Certificate.NotAfter);
        var signed = request.Create(
            Certificate.SubjectName,
            X509SignatureGenerator.CreateForECDsa(_key),
            from > authorityFrom ? from : authorityFrom,
            until < authorityUntil ? until : authorityUntil,
            serial);
        return new IssuedCertificate(signed, signed.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _key.Dispose();
        Certificate.Dispose();
    }

    private static OidCollection Purposes(bool serves)
    {
        var purposes = new OidCollection { new Oid(ClientPurpose) };
        if (serves)
        {
            purposes.Add(new Oid(ServerPurpose));
        }

        return purposes;
    }

    private static X509Extension Names(IReadOnlyList<string> identities, IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var identity in identities)
        {
            names.AddUri(new Uri(identity));
        }

        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }

    private static X500DistinguishedName Named(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }
}
