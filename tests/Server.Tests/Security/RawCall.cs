using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Server.Tests.Security;

/// <summary>A call of any method by its name, with bytes for a message. On the wire every kind of call is a stream each way, so one kind of client can make them all.</summary>
internal static class RawCall
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    /// <summary>Sends one message and looks at the first answer; the refusal, or null if there was none.</summary>
    public static async Task<RpcException?> RefusalAsync(GrpcChannel channel, string name, byte[] message, CancellationToken cancellation)
    {
        var parts = name.Split('/');
        var method = new Method<byte[], byte[]>(MethodType.DuplexStreaming, parts[1], parts[2], Bytes, Bytes);
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, new CallOptions(cancellationToken: cancellation));
        try
        {
            await call.RequestStream.WriteAsync(message, cancellation);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or IOException)
        {
            // Refused before the message was out: why, the answer says.
        }

        try
        {
            await call.ResponseStream.MoveNext(cancellation);
            return null;
        }
        catch (RpcException refused)
        {
            return refused;
        }
    }
}
