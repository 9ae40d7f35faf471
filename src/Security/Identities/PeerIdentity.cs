using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Security;

/// <summary>
/// Who a certificate says its holder is: <c>controlplane://tenant/acme</c>, the one URI of that scheme among the subject's
/// alternative names. A certificate without it, with two, or with one that is not well formed has no identity, and so no role.
/// </summary>
/// <remarks>Says nothing about trust: whoever reads it has verified the certificate's chain before.</remarks>
/// <param name="Role">What it may be.</param>
/// <param name="Name">A well-formed name, meaningful within the role.</param>
public sealed record PeerIdentity(Role Role, string Name)
{
    /// <summary>What the URI begins with.</summary>
    public const string Prefix = "controlplane://";

    private const string Scheme = "controlplane:";

    /// <summary>The role as it is written in the URI and on command lines.</summary>
    public static string NameOf(Role role) => role switch
    {
        Role.Tenant => "tenant",
        Role.Worker => "worker",
        Role.Operator => "operator",
        Role.Replica => "replica",
        Role.Journal => "journal",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "is no role"),
    };

    /// <summary>The role that is written as <paramref name="text"/>; case counts.</summary>
    public static bool TryParseRole(string? text, out Role role)
    {
        foreach (var known in Enum.GetValues<Role>())
        {
            if (NameOf(known) == text)
            {
                role = known;
                return true;
            }
        }

        role = default;
        return false;
    }

    /// <summary>
    /// Reads a URI. Only the written form counts: no other case, escape, port, query or path is taken for the same, because two
    /// spellings of one name would be two names to everything that compares text.
    /// </summary>
    public static PeerIdentity? Parse(string? uri)
    {
        if (uri is null || !uri.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = uri[Prefix.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && TryParseRole(rest[..slash], out var role) && ControlPlane.Primitives.Name.IsWellFormed(rest[(slash + 1)..])
            ? new PeerIdentity(role, rest[(slash + 1)..])
            : null;
    }

    /// <summary>The identity in a certificate, or null: then <paramref name="why"/> says what is wrong, as a clause.</summary>
    public static PeerIdentity? Read(X509Certificate2 certificate, out string why)
    {
        var names = SubjectNames.Of(certificate);
        if (names is null)
        {
            why = "its subject alternative names cannot be read";
            return null;
        }

        // A malformed one counts too: it was meant to say who the holder is, and whoever reads two must not pick one.
        var own = names.Uris.Where(uri => uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)).ToList();
        var identity = own.Count == 1 ? Parse(own[0]) : null;
        why = (own.Count, identity) switch
        {
            (0, _) => $"it has no URI {Prefix}<role>/<name> among its subject alternative names",
            (1, null) => $"its identity '{own[0]}' is not of the form {Prefix}<role>/<name>",
            (1, _) => "",
            _ => $"it has {own.Count} identities ({string.Join(", ", own)}) where one is wanted",
        };
        return identity;
    }

    /// <summary>The URI.</summary>
    public override string ToString() => $"{Prefix}{NameOf(Role)}/{Name}";
}
