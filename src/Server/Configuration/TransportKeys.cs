using System.Net;
using ControlPlane.Security;

namespace ControlPlane.Server.Configuration;

/// <summary>The keys of how callers reach a node: over mutual TLS, or in plaintext on this machine only.</summary>
public static class TransportKeys
{
    /// <summary>The node's certificate.</summary>
    public static ConfigurationKey TlsCertificate { get; } = new(
        "Tls:Certificate", "", "PEM file of the node's certificate, and intermediate ones behind it; its identity is `controlplane://replica/<Name>`.");

    /// <summary>Its key.</summary>
    public static ConfigurationKey TlsKey { get; } = new(
        "Tls:Key", "", "PEM file of the certificate's private key, not encrypted.");

    /// <summary>Whom it trusts.</summary>
    public static ConfigurationKey TlsCa { get; } = new(
        "Tls:Ca", "", "PEM file of the authorities that every caller's certificate must chain to; no others are trusted.");

    /// <summary>The alarming one.</summary>
    public static ConfigurationKey DangerouslyServePlaintextToTheNetwork { get; } = new(
        "DangerouslyServePlaintextToTheNetwork", "false", "`true` lets a node without TLS listen beyond loopback: whoever reaches it may do anything, and whoever is on the way reads it.");

    /// <summary>All of them, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } = [TlsCertificate, TlsKey, TlsCa, DangerouslyServePlaintextToTheNetwork];

    /// <summary>Where the certificate files are, checked against the node's name; null if none is named.</summary>
    internal static TlsFiles? ReadTls(ConfigurationReader reader, string name)
    {
        ConfigurationKey[] keys = [TlsCertificate, TlsKey, TlsCa];
        var missing = keys.Where(key => reader.Text(key).Length == 0).ToList();
        if (missing.Count > 0)
        {
            foreach (var key in missing.Where(_ => missing.Count < keys.Length))
            {
                reader.Report(key.Path, "not set, though other keys of Tls are", $"Set {string.Join(", ", keys.Select(one => one.Path))}, or none of them");
            }

            return null;
        }

        var files = new TlsFiles(Path.GetFullPath(reader.Text(TlsCertificate)), Path.GetFullPath(reader.Text(TlsKey)), Path.GetFullPath(reader.Text(TlsCa)));
        foreach (var problem in TlsSettings.Check(files, OwnCertificate.OfNode(name), TimeProvider.System))
        {
            reader.Report(KeyOf(problem.File).Path, problem.Wrong, problem.Remedy);
        }

        return files;
    }

    /// <summary>Reports what would let others in unseen. The one place that decides it, for options made in code too.</summary>
    internal static IEnumerable<ConfigurationProblem> Dangers(IPEndPoint listen, bool speaksTls, bool dangerously, Func<string, string> source)
    {
        if (speaksTls && dangerously)
        {
            yield return Problem(DangerouslyServePlaintextToTheNetwork, "set beside TLS, which serves no plaintext at all", "Remove it");
        }

        if (!speaksTls && !dangerously && !IPAddress.IsLoopback(listen.Address))
        {
            yield return Problem(
                NodeKeys.Listen,
                $"{listen} can be reached from other machines, and without TLS the node speaks plaintext without authentication, which anyone on the way could read and forge",
                $"Set {TlsCertificate.Path}, {TlsKey.Path} and {TlsCa.Path}, or listen on 127.0.0.1 or [::1], as in {NodeKeys.Listen.Default}");
        }

        ConfigurationProblem Problem(ConfigurationKey key, string wrong, string remedy) => new(key.Path, source(key.Path), wrong, remedy);
    }

    private static ConfigurationKey KeyOf(TlsFile file) => file switch
    {
        TlsFile.Certificate => TlsCertificate,
        TlsFile.Key => TlsKey,
        _ => TlsCa,
    };
}
