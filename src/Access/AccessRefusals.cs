using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Security;
using Grpc.Core;

namespace ControlPlane.Access;

/// <summary>The words and figures of what is refused for who asks. None tells anything of what was asked about.</summary>
internal static class AccessRefusals
{
    public static RpcException NoIdentity(string method) => ErrorTable.ToRpcException(
        ErrorReason.NoIdentity,
        $"the certificate does not say who its holder is: it needs exactly one URI {PeerIdentity.Prefix}<role>/<name> among its subject alternative names",
        [new("method", method)]);

    public static RpcException RoleNotAllowed(string method, PeerIdentity peer, IReadOnlyList<Role> allowed)
    {
        var roles = string.Join(", ", allowed.Select(PeerIdentity.NameOf));
        return ErrorTable.ToRpcException(
            ErrorReason.RoleNotAllowed,
            $"{peer} may not call {method}; {(allowed.Count == 0 ? "nobody may" : $"that takes a certificate of the role {roles}")}",
            [new("method", method), new("identity", peer.ToString()), new("allowed", roles)]);
    }

    public static RpcException Mismatch(AccessRule rule, PeerIdentity peer) => ErrorTable.ToRpcException(
        rule.Mismatch,
        $"{peer} may speak of the {PeerIdentity.NameOf(peer.Role)} '{peer.Name}' only, and must name it",
        [new("method", rule.Method), new("identity", peer.ToString())]);
}
