using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Server.Tests.Services;

/// <summary>
/// The server's own look at the deadline. The node's clock is ahead, so that a deadline which the client and the gRPC
/// libraries see far away has passed for the node: otherwise one of those would end the call first.
/// </summary>
public sealed class DeadlineTests
{
    [Fact]
    public async Task A_call_that_arrives_after_its_deadline_is_refused_and_leaves_no_trace()
    {
        await using var node = await TestNode.StartAsync(time: new ClockAhead());
        await node.DeployAsync();
        var tails = (await node.TailAsync(), await node.TailAsync("jobs"));
        var late = DateTime.UtcNow.AddMinutes(5);
        var append = new AppendRequest { Journal = "jobs", Entries = { ByteString.CopyFromUtf8("a") } };

        AssertTooLate(await Assert.ThrowsAsync<RpcException>(() => node.Allocator.AllocateAsync(TestNode.Request(), deadline: late, cancellationToken: TestNode.Cancellation).ResponseAsync));
        AssertTooLate(await Assert.ThrowsAsync<RpcException>(() => node.Operator.SetTenantLimitAsync(new SetTenantLimitRequest { Tenant = "acme", LeaseLimit = 1 }, deadline: late, cancellationToken: TestNode.Cancellation).ResponseAsync));
        AssertTooLate(await Assert.ThrowsAsync<RpcException>(() => node.Journal.AppendAsync(append, deadline: late, cancellationToken: TestNode.Cancellation).ResponseAsync));

        Assert.Equal(tails, (await node.TailAsync(), await node.TailAsync("jobs")));
    }

    private static void AssertTooLate(RpcException error) =>
        Assert.Equal((StatusCode.DeadlineExceeded, ErrorReason.DeadlineBeforeAppend), (error.StatusCode, ErrorTable.ReasonOf(error)));

    private sealed class ClockAhead : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromHours(1);
    }
}
