using ControlPlane.Bench.Load;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ControlPlane.Bench.Nodes;

/// <summary>
/// The least that a call can cost whose answer waits for the disk: it writes 128 bytes, syncs them, and answers nothing. What
/// a journaled allocation costs above it is the control plane's own.
/// </summary>
/// <remarks>
/// More than a no-op and a sync measured apart: while the disk works, the threads on both sides of the connection that a no-op finds still
/// spinning have gone to sleep, and must be woken. One call at a time syncs; there is no group commit.
/// </remarks>
internal sealed class SyncedNoOpService(DataSync disk) : SyncedNoOpBase
{
    public override Task<Empty> CallAsync(Empty request, ServerCallContext context)
    {
        lock (disk)
        {
            disk.WriteAndSync();
        }

        return Task.FromResult(request);
    }
}

/// <summary>The service's contract, in code: it exists for this tool alone.</summary>
[BindServiceMethod(typeof(SyncedNoOpBase), nameof(Bind))]
internal abstract class SyncedNoOpBase
{
    private static readonly Marshaller<Empty> EmptyMessage = Marshallers.Create(_ => [], _ => new Empty());

    /// <summary>Its one method.</summary>
    public static Method<Empty, Empty> Method { get; } =
        new(MethodType.Unary, "controlplane.bench.SyncedNoOp", nameof(CallAsync), EmptyMessage, EmptyMessage);

    /// <summary>Writes, syncs, answers.</summary>
    public abstract Task<Empty> CallAsync(Empty request, ServerCallContext context);

    /// <summary>Called by the gRPC framework.</summary>
    public static void Bind(ServiceBinderBase binder, SyncedNoOpBase? service) =>
        binder.AddMethod(Method, service is null ? null : new UnaryServerMethod<Empty, Empty>(service.CallAsync));
}
