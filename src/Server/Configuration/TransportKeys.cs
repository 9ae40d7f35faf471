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
    internal static IEnumerable<ConfigurationProblem> Dangers(NodeOptions options, bool speaksTls, Func<string, string> source)
    {
        var dangerously = options.DangerouslyServePlaintextToTheNetwork;
        if (speaksTls && dangerously)
        {
            yield return Problem(DangerouslyServePlaintextToTheNetwork, "set beside TLS, which serves no plaintext at all", "Remove it");
        }

        if (!speaksTls && !dangerously && !IPAddress.IsLoopback(options.Listen.Address))
        {
            yield return Problem(
                NodeKeys.Listen,
                $"{options.Listen} can be reached from other machines, and without TLS the node speaks plaintext without authentication, which anyone on the way could read and forge",
                $"Set {TlsCertificate.Path}, {TlsKey.Path} and {TlsCa.Path}, or listen on 127.0.0.1 or [::1], as in {NodeKeys.Listen.Default}");
        }

        if (options.Cluster is not { } cluster || dangerously)
        {
            yield break;
        }

        if (!speaksTls && !IPAddress.IsLoopback(cluster.Listen.Address))
        {
            yield return Problem(
                ClusterKeys.Listen,
                $"{cluster.Listen} can be reached from other machines, and without TLS whoever reaches it could pass for a node of the cluster and read and forge its journals",
                $"Set {TlsCertificate.Path}, {TlsKey.Path} and {TlsCa.Path}, or keep the cluster on 127.0.0.1 or [::1]");
        }

        var remote = cluster.Nodes.Where(node => node.Node != options.Name && !IsLoopback(node.Host)).Select(node => $"{node.Node} at {node}").ToList();
        if (!speaksTls && remote.Count > 0)
        {
            yield return Problem(
                ClusterKeys.Nodes,
                $"the journals would go over the network without TLS, to {string.Join(", ", remote)}",
                $"Set {TlsCertificate.Path}, {TlsKey.Path} and {TlsCa.Path}, or keep the cluster on 127.0.0.1 or [::1]");
        }

        // Etcd's connection has TLS or not by its own address, whatever the node speaks.
        foreach (var endpoint in cluster.Etcd.Where(endpoint => endpoint.Scheme == Uri.UriSchemeHttp && !endpoint.IsLoopback))
        {
            yield return Problem(ClusterKeys.Etcd, $"{endpoint} is plaintext over the network: whoever is on the way could choose the journals' writer", "Name it with https://");
        }

        ConfigurationProblem Problem(ConfigurationKey key, string wrong, string remedy) => new(key.Path, source(key.Path), wrong, remedy);
    }

    // A name other than localhost may lead anywhere: it counts as the network.
    private static bool IsLoopback(string host) =>
        IPAddress.TryParse(host, out var address) ? IPAddress.IsLoopback(address) : string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase);

    private static ConfigurationKey KeyOf(TlsFile file) => file switch
    {
        TlsFile.Certificate => TlsCertificate,
        TlsFile.Key => TlsKey,
        _ => TlsCa,
    };
}
