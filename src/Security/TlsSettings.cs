using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Security;

/// <summary>
/// Mutual TLS of one process. Guarantee: both sides of every handshake made with these options show a certificate that chains
/// to the configured authorities, is valid now, is of the host that was dialled, and is of an expected role. Files that change
/// are taken in without a restart: handshakes from then on use the new ones, connections that are open stay so.
/// </summary>
/// <remarks>
/// Thread-safe. The files are looked at every <see cref="LookInterval"/>, and new contents are taken in when two looks in a row
/// have seen the same: a file that is just being written is not half a bundle of authorities. What cannot be used is warned of
/// once, and what was in use stays. Nothing is asked of the network: no revocation, no download of missing authorities.
/// </remarks>
public sealed class TlsSettings : IDisposable
{
    /// <summary>Between two looks at the files.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";

    private readonly TlsFiles _files;
    private readonly OwnCertificate _own;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RefusalLog _refusals;
    private readonly Lock _looking = new();
    private readonly ITimer _timer;
    private TlsMaterial _current;
    private string _lastTried;
    private string _lastSeen;

    private TlsSettings(TlsFiles files, OwnCertificate own, TimeProvider time, ILogger logger, TlsMaterial first, string fingerprint)
    {
        (_files, _own, _time, _logger, _current) = (files, own, time, logger, first);
        (_lastTried, _lastSeen) = (fingerprint, fingerprint);
        _refusals = new RefusalLog(logger, time);
        _timer = time.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
    }

    /// <summary>What new handshakes use.</summary>
    public TlsMaterial Current => Volatile.Read(ref _current);

    /// <summary>Reads the files, and looks at them again until disposed.</summary>
    /// <exception cref="TlsFilesException">With everything that is wrong with them.</exception>
    public static TlsSettings Open(TlsFiles files, OwnCertificate own, TimeProvider time, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(time);
        var contents = TlsContents.Read(files);
        var problems = new List<TlsFileProblem>();
        var material = TlsMaterial.Load(files, contents, own, time.GetUtcNow(), problems) ?? throw new TlsFilesException(problems);
        logger?.InUse(material.Identity, material.ValidUntil);
        return new TlsSettings(files, own, time, logger ?? NullLogger.Instance, material, contents.Fingerprint);
    }

    /// <summary>Everything that <see cref="Open"/> would refuse; touches nothing.</summary>
    public static IReadOnlyList<TlsFileProblem> Check(TlsFiles files, OwnCertificate own, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(time);
        var problems = new List<TlsFileProblem>();
        TlsMaterial.Load(files, TlsContents.Read(files), own, time.GetUtcNow(), problems);
        return problems;
    }

    /// <summary>Options for accepting one connection; ask anew for each. Whoever is not <paramref name="expected"/> is refused in the handshake.</summary>
    public SslServerAuthenticationOptions ServerOptions(ExpectedPeer expected)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var material = Current;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Context,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = Policy(material, ClientPurpose),

            // A resumed session would skip what the authorities say today.
            AllowTlsResume = false,
            AllowRenegotiation = false,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Welcomes(expected, certificate, chain, errors, null),
        };
    }

    /// <summary>
    /// Options for dialling; ask anew for each connection. To a peer that is not <paramref name="expected"/>, or whose certificate
    /// is not of <paramref name="host"/>, the handshake fails.
    /// </summary>
    /// <param name="host">The DNS name or IP address that was dialled.</param>
    /// <param name="expected">Whom it must lead to, for instance <see cref="ExpectedPeer.Replica(string)"/>.</param>
    /// <param name="refused">Told why, as a clause, when this side refuses the peer.</param>
    public SslClientAuthenticationOptions ClientOptions(string host, ExpectedPeer expected, Action<string>? refused = null)
    {
        ArgumentNullException.ThrowIfNull(expected);
        var material = Current;
        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ClientCertificateContext = material.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            EncryptionPolicy = EncryptionPolicy.RequireEncryption,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = Policy(material, ServerPurpose),
            AllowTlsResume = false,
            AllowRenegotiation = false,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Welcomes(expected, certificate, chain, errors, refused),
        };
    }

    /// <summary>Ends the looking; options that were given out stay usable.</summary>
    public void Dispose() => _timer.Dispose();

    /// <summary>One look at the files.</summary>
    internal void Look()
    {
        // One at a time; a look that takes longer than the interval does not queue others behind it.
        if (!_looking.TryEnter())
        {
            return;
        }

        try
        {
            var contents = TlsContents.Read(_files);
            var isStill = contents.Fingerprint == _lastSeen;
            _lastSeen = contents.Fingerprint;
            if (isStill && contents.Fingerprint != _lastTried)
            {
                TakeIn(contents);
            }
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void TakeIn(TlsContents contents)
    {
        _lastTried = contents.Fingerprint;
        var problems = new List<TlsFileProblem>();
        try
        {
            if (TlsMaterial.Load(_files, contents, _own, _time.GetUtcNow(), problems) is { } material)
            {
                Volatile.Write(ref _current, material);
                _logger.Reloaded(material.Identity, material.ValidUntil);
                return;
            }
        }
        catch (CryptographicException e)
        {
            problems.Add(new TlsFileProblem(TlsFile.Certificate, e.Message, "Write the files anew"));
        }

        _logger.NotReloaded(string.Join(" ", problems));
    }

    private bool Welcomes(ExpectedPeer expected, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, Action<string>? refused)
    {
        if (expected.WhyNot(certificate, chain, errors) is not { } reason)
        {
            return true;
        }

        _refusals.Refused(reason);
        refused?.Invoke(reason);
        return false;
    }

    private X509ChainPolicy Policy(TlsMaterial material, string purpose)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = _time.GetUtcNow().UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(material.Authorities);
        policy.ApplicationPolicy.Add(new Oid(purpose));
        return policy;
    }
}
