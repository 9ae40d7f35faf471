using ControlPlane.Protocol.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Client;

/// <summary>One node's address with the typed stubs on its one channel.</summary>
internal sealed class Endpoint(string address, GrpcChannel channel)
{
    public string Address { get; } = address;

    /// <summary>For questions to the node's process itself.</summary>
    public CallInvoker Invoker { get; } = channel.CreateCallInvoker();

    public Allocator.AllocatorClient Allocator { get; } = new(channel);

    public Operator.OperatorClient Operator { get; } = new(channel);

    public Protocol.V1.Journal.JournalClient Journal { get; } = new(channel);

    public Inspect.InspectClient Inspect { get; } = new(channel);

    public Gate.GateClient Gate { get; } = new(channel);
}
