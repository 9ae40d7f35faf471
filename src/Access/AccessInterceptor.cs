using ControlPlane.Security;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ControlPlane.Access;

/// <summary>
/// Stands before every method of a server that speaks TLS and lets pass what <see cref="AccessTable"/> allows: the caller's role
/// at the call, the names in each message before the service sees it. What the table does not know is refused.
/// </summary>
/// <remarks>For servers whose connections all come through <see cref="TlsListening.UseTls"/>; a call from elsewhere has no identity.</remarks>
public sealed class AccessInterceptor : Interceptor
{
    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context).Check(request);
        return continuation(request, context);
    }

    /// <inheritdoc/>
    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        Admit(context).Check(request);
        return continuation(request, responseStream, context);
    }

    /// <inheritdoc/>
    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(Admit(context).Check(requestStream), context);

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(Admit(context).Check(requestStream), responseStream, context);

    private static Admitted Admit(ServerCallContext context)
    {
        var rule = AccessTable.Find(context.Method);
        if (rule is { AnyCertificate: true } && TlsListening.IsSecured(context))
        {
            return default;
        }

        var peer = TlsListening.PeerOf(context) ?? throw AccessRefusals.NoIdentity(context.Method);
        return rule is not null && rule.Roles.Contains(peer.Role)
            ? new Admitted(rule.Bound == peer.Role ? rule : null, peer)
            : throw AccessRefusals.RoleNotAllowed(context.Method, peer, rule?.Roles ?? []);
    }

    /// <summary>A caller whose role is right. If it is bound to its name, the rule is there and each message is looked at.</summary>
    private readonly record struct Admitted(AccessRule? Bound, PeerIdentity Peer)
    {
        public void Check<TRequest>(TRequest message)
            where TRequest : class
        {
            if (Bound is { SpeaksOnlyOf: { } speaksOnlyOf } && !speaksOnlyOf(message, Peer.Name))
            {
                throw AccessRefusals.Mismatch(Bound, Peer);
            }
        }

        public IAsyncStreamReader<TRequest> Check<TRequest>(IAsyncStreamReader<TRequest> messages)
            where TRequest : class => Bound is null ? messages : new CheckedStream<TRequest>(messages, this);
    }

    private sealed class CheckedStream<TRequest>(IAsyncStreamReader<TRequest> messages, Admitted admitted) : IAsyncStreamReader<TRequest>
        where TRequest : class
    {
        public TRequest Current => messages.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await messages.MoveNext(cancellationToken))
            {
                return false;
            }

            admitted.Check(messages.Current);
            return true;
        }
    }
}
