using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Security;

/// <summary>Whom a connection may lead to. Decided on a certificate whose chain the handshake has verified already.</summary>
/// <param name="Roles">Any of these; empty: any certificate of the authorities, even one without an identity.</param>
/// <param name="Name">This name; null: any.</param>
public sealed record ExpectedPeer(IReadOnlyList<Role> Roles, string? Name = null)
{
    /// <summary>Any certificate of the authorities.</summary>
    public static ExpectedPeer Anybody { get; } = new([]);

    /// <summary>A node of the plane.</summary>
    public static ExpectedPeer Node { get; } = new([Role.Replica]);

    /// <summary>A node of the plane or a worker's gate.</summary>
    public static ExpectedPeer NodeOrGate { get; } = new([Role.Replica, Role.Worker]);

    /// <summary>The node of this name.</summary>
    public static ExpectedPeer Replica(string name) => new([Role.Replica], name);

    /// <summary>Null if the peer is welcome, otherwise why not, as a clause.</summary>
    internal string? WhyNot(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 peer)
        {
            return "it showed no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var statuses = chain?.ChainStatus.Select(status => status.Status.ToString()) ?? [];
            return $"{peer.Subject} is not a valid certificate of the configured authorities ({string.Join(", ", statuses)})";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"{peer.Subject} is not a certificate of the host that was dialled; it is of {string.Join(", ", SubjectNames.Of(peer)?.Hosts ?? [])}";
        }

        if (errors != SslPolicyErrors.None)
        {
            return errors.ToString();
        }

        if (Roles.Count == 0)
        {
            return null;
        }

        if (PeerIdentity.Read(peer, out var why) is not { } identity)
        {
            return $"{peer.Subject} does not say who its holder is: {why}";
        }

        return Roles.Contains(identity.Role) && (Name is null || Name == identity.Name)
            ? null
            : $"it is {identity}, and {string.Join(" or ", Roles.Select(role => $"{PeerIdentity.Prefix}{PeerIdentity.NameOf(role)}/{Name ?? "<name>"}"))} is wanted";
    }
}
