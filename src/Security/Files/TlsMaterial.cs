using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Security;

/// <summary>A certificate with its key, and whom it trusts: read from one look at the files, checked, never changed.</summary>
public sealed class TlsMaterial
{
    private TlsMaterial(X509Certificate2 certificate, X509Certificate2Collection behind, X509Certificate2Collection authorities, PeerIdentity identity)
    {
        Certificate = certificate;
        Authorities = authorities;
        Identity = identity;

        // Offline: what stands in the file is what is sent; nothing is fetched.
        Context = SslStreamCertificateContext.Create(certificate, behind, offline: true);
    }

    /// <summary>The certificate; it has its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The certificate with those behind it, as it is shown to peers.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Whom peers' certificates must chain to.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>Who this process is.</summary>
    public PeerIdentity Identity { get; }

    /// <summary>When the certificate ends.</summary>
    public DateTimeOffset ValidUntil => Certificate.NotAfter;

    /// <summary>Reads and checks; null if there is a problem.</summary>
    internal static TlsMaterial? Load(TlsFiles files, TlsContents contents, OwnCertificate own, DateTimeOffset now, List<TlsFileProblem> problems)
    {
        problems.AddRange(contents.Problems);
        var authorities = contents.Ca is { } ca ? Certificates(ca, files.Ca, TlsFile.Ca, problems) : null;
        var chain = contents.Certificate is { } text ? Certificates(text, files.Certificate, TlsFile.Certificate, problems) : null;
        var identity = chain is null ? null : Check(chain[0], files.Certificate, own, now, problems);
        var paired = chain is null || contents.Key is null ? null : Pair(chain[0], contents.Certificate!, contents.Key, files, problems);
        if (paired is null || identity is null || authorities is null || problems.Count > 0)
        {
            return null;
        }

        chain!.RemoveAt(0);
        return new TlsMaterial(paired, chain, authorities, identity);
    }

    private static X509Certificate2Collection? Certificates(string pem, string path, TlsFile file, List<TlsFileProblem> problems)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            problems.Add(new(file, $"{path} holds a certificate that cannot be read ({e.Message})", "Write it anew"));
            return null;
        }

        if (all.Count == 0)
        {
            problems.Add(new(file, $"{path} holds no certificate", "Name a PEM file with BEGIN CERTIFICATE in it"));
            return null;
        }

        return all;
    }

    private static PeerIdentity? Check(X509Certificate2 certificate, string path, OwnCertificate own, DateTimeOffset now, List<TlsFileProblem> problems)
    {
        var count = problems.Count;
        if (now > certificate.NotAfter)
        {
            Problem($"{path} has expired on {Date(certificate.NotAfter)}", "Have it issued anew");
        }

        if (now < certificate.NotBefore)
        {
            Problem($"{path} is not valid before {Date(certificate.NotBefore)}", "Set this machine's clock right, or wait");
        }

        var identity = PeerIdentity.Read(certificate, out var why);
        var wanted = $"{PeerIdentity.Prefix}{(own.Role is { } role ? PeerIdentity.NameOf(role) : "<role>")}/{own.Name ?? "<name>"}";
        if (identity is null)
        {
            Problem($"{path} does not say who this is: {why}", $"Have it issued for {wanted}");
        }
        else if ((own.Role is { } needed && identity.Role != needed) || (own.Name is { } name && identity.Name != name))
        {
            Problem($"{path} is of {identity}, which is somebody else", $"Have it issued for {wanted}, or name this process as it says");
        }

        if (own.Serves && SubjectNames.Of(certificate) is not { Hosts.Count: > 0 })
        {
            Problem($"{path} names no host, so nobody could tell that it is the one that was dialled", "Have it issued with the DNS names or IP addresses under which it is dialled (subject alternative name)");
        }

        return problems.Count == count ? identity : null;

        void Problem(string wrong, string remedy) => problems.Add(new(TlsFile.Certificate, wrong, remedy));
    }

    private static X509Certificate2? Pair(X509Certificate2 certificate, string certificatePem, string keyPem, TlsFiles files, List<TlsFileProblem> problems)
    {
        if (keyPem.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            problems.Add(new(TlsFile.Key, $"{files.Key} is encrypted, and a process that starts by itself has no password", "Store it without, readable by this process's user only"));
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificatePem, keyPem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or NotSupportedException)
        {
            problems.Add(IsPrivateKey(keyPem)
                ? new(TlsFile.Key, $"{files.Key} is not the key of {files.Certificate} ({certificate.Subject})", "Name the two files that belong together")
                : new(TlsFile.Key, $"{files.Key} holds no private key", "Name a PEM file with BEGIN PRIVATE KEY in it"));
            return null;
        }
    }

    private static bool IsPrivateKey(string pem) => Imports(ECDsa.Create(), pem) || Imports(RSA.Create(), pem);

    private static bool Imports(AsymmetricAlgorithm algorithm, string pem)
    {
        using (algorithm)
        {
            try
            {
                algorithm.ImportFromPem(pem);
                return true;
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                return false;
            }
        }
    }

    private static string Date(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
