using ControlPlane.Protocol.V1;
using ControlPlane.Security;

namespace ControlPlane.Access;

/// <summary>Who may call one method.</summary>
/// <param name="Method">As gRPC writes it: <c>/controlplane.v1.Allocator/Renew</c>.</param>
/// <param name="Roles">Who may; empty together with <paramref name="AnyCertificate"/>.</param>
/// <param name="AnyCertificate">True if any certificate of the authorities may call it, also one without an identity.</param>
public sealed record AccessRule(string Method, IReadOnlyList<Role> Roles, bool AnyCertificate = false)
{
    /// <summary>The role that may speak in its own name only; null if none is bound.</summary>
    public Role? Bound { get; init; }

    /// <summary>
    /// For the bound role: does this message speak of nobody but the bearer of this name? Asked of every message of a call, also
    /// of a stream, before the service sees it.
    /// </summary>
    internal Func<object, string, bool>? SpeaksOnlyOf { get; init; }

    /// <summary>What a bound caller is refused with that speaks of others.</summary>
    internal ErrorReason Mismatch => Bound switch
    {
        Role.Tenant => ErrorReason.TenantMismatch,
        Role.Worker => ErrorReason.WorkerMismatch,
        Role.Journal => ErrorReason.JournalMismatch,
        _ => ErrorReason.RoleNotAllowed,
    };
}
