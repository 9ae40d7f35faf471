using System.Diagnostics;
using ControlPlane.Protocol.V1;
using ControlPlane.Worker.Tests.Support;
using Google.Protobuf;

namespace ControlPlane.Worker.Tests.Gate;

public sealed class GateTests
{
    private const ulong Sandbox = 10;

    [Fact]
    public async Task A_granted_token_invokes_the_function_and_is_confirmed_once()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);

        var first = await worker.InvokeAsync(Sandbox, 11, "hello");
        var second = await worker.InvokeAsync(Sandbox, 11, "again");

        Assert.Equal("hello", first.Payload.ToStringUtf8());
        Assert.Equal("again", second.Payload.ToStringUtf8());
        Assert.NotEqual(first.InvocationId, second.InvocationId);
        Assert.True(first.DurationUs > 0);
        await worker.Plane.HearAsync(message => message.GrantConfirmed?.Fence.Position == 11, "the grant is confirmed");
        Assert.Single(worker.Plane.Heard, message => message.GrantConfirmed is not null);
    }

    [Fact]
    public async Task A_payload_of_any_bytes_and_of_the_full_size_comes_back_unchanged()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        var bytes = new byte[6 * 1024 * 1024];
        new Random(1).NextBytes(bytes);
        var payload = ByteString.CopyFrom(bytes);

        var answer = await worker.InvokeAsync(Sandbox, 11, payload);

        Assert.Equal(payload, answer.Payload);
    }

    [Fact]
    public async Task An_older_token_is_refused_with_the_highest_that_was_seen()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        worker.Grant(Sandbox, 15);
        await worker.InvokeAsync(Sandbox, 15, "x");

        var (reason, metadata) = await worker.RefusedAsync(Sandbox, 11);

        Assert.Equal(ErrorReason.StaleFence, reason);
        Assert.Equal("15", metadata["highest"]);
    }

    [Fact]
    public async Task A_use_that_was_answered_is_over_however_soon_a_newer_token_comes()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        var process = await ProcessFileAsync(worker);
        const int uses = 100;
        for (var position = 11UL; position < 11 + (2 * uses); position += 2)
        {
            worker.Grant(Sandbox, position);
            await worker.InvokeAsync(Sandbox, position, "x");
            worker.Revoke(Sandbox, position + 1);
        }

        await worker.Plane.HearAsync(message => message.FloorAcknowledged?.Floor == 10 + (2 * uses), "the last floor is acknowledged");
        Assert.Equal(process, await ProcessFileAsync(worker));

        // Names the process and its start: another one's would differ.
        static Task<byte[]> ProcessFileAsync(WorkerFixture worker) => File.ReadAllBytesAsync(
            Assert.Single(Directory.GetFiles(worker.DataDirectory, "process", SearchOption.AllDirectories)));
    }

    [Fact]
    public async Task A_token_of_another_tenant_is_refused()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        await worker.InvokeAsync(Sandbox, 11, "x");

        Assert.Equal(ErrorReason.StaleFence, (await worker.RefusedAsync(Sandbox, 11, tenant: "other")).Reason);
    }

    [Fact]
    public async Task An_invocation_ahead_of_its_grant_waits_for_it()
    {
        await using var worker = await WorkerFixture.StartAsync(options => options.GrantWait = TimeSpan.FromSeconds(30));
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());

        var early = worker.InvokeAsync(Sandbox, 11, "early");
        worker.Grant(Sandbox, 11);

        Assert.Equal("early", (await early).Payload.ToStringUtf8());
    }

    [Fact]
    public async Task An_invocation_ahead_of_its_sandbox_waits_for_it()
    {
        await using var worker = await WorkerFixture.StartAsync(options => options.GrantWait = TimeSpan.FromSeconds(30));

        var early = worker.InvokeAsync(Sandbox, 11, "early");
        worker.Create(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);

        Assert.Equal("early", (await early).Payload.ToStringUtf8());
    }

    [Fact]
    public async Task A_token_that_is_never_granted_is_refused_after_a_bounded_wait()
    {
        await using var worker = await WorkerFixture.StartAsync(options => options.GrantWait = TimeSpan.FromMilliseconds(20));
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());

        Assert.Equal(ErrorReason.LeaseEnded, (await worker.RefusedAsync(Sandbox, 11)).Reason);
    }

    [Fact]
    public async Task A_lease_ends_by_itself_when_no_renewal_arrives()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11, ttlMs: 1);
        await worker.ObeyedAsync();
        var granted = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(granted) > TimeSpan.FromMilliseconds(1), "the lease's time is over");

        var (reason, metadata) = await worker.RefusedAsync(Sandbox, 11, "{\"sleepMs\":0}");

        Assert.Equal(ErrorReason.LeaseEnded, reason);
        Assert.Equal("expired", metadata["ended"]);
        worker.Grant(Sandbox, 11);
        worker.Grant(Sandbox, 12);
        Assert.Equal("x", (await worker.InvokeAsync(Sandbox, 12, "x")).Payload.ToStringUtf8());
    }

    [Fact]
    public async Task A_newer_token_ends_the_older_use_first_by_starting_the_process_anew()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        var older = worker.RefusedAsync(Sandbox, 11, "{\"sleepMs\":29000}");
        await worker.Plane.HearAsync(message => message.GrantConfirmed?.Fence.Position == 11, "the older use has begun");

        worker.Grant(Sandbox, 15);
        var newer = await worker.InvokeAsync(Sandbox, 15, "mine");

        Assert.Equal("mine", newer.Payload.ToStringUtf8());
        Assert.Equal(ErrorReason.LeaseEnded, (await older).Reason);
        Assert.DoesNotContain(worker.Plane.Heard, message => message.SandboxReport?.Died is not null);
    }

    [Fact]
    public async Task A_floor_is_acknowledged_only_when_the_older_use_has_ended()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        var older = worker.RefusedAsync(Sandbox, 11, "{\"sleepMs\":29000}");
        await worker.Plane.HearAsync(message => message.GrantConfirmed is not null, "the use has begun");

        worker.Revoke(Sandbox, 14);
        await worker.Plane.HearAsync(message => message.FloorAcknowledged?.Floor == 14, "the floor is acknowledged");

        Assert.Equal(ErrorReason.LeaseEnded, (await older).Reason);
        Assert.Equal(ErrorReason.StaleFence, (await worker.RefusedAsync(Sandbox, 11)).Reason);
    }

    [Fact]
    public async Task Invocations_of_one_sandbox_take_turns()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => worker.InvokeAsync(Sandbox, 11, $"{{\"sleepMs\":50,\"n\":{n}}}")));

        Assert.Equal(4, answers.Select(answer => answer.Payload.ToStringUtf8()).Distinct().Count());
    }

    [Fact]
    public async Task The_queue_behind_an_invocation_is_bounded()
    {
        await using var worker = await WorkerFixture.StartAsync(options => options.InvokeQueueMax = 1);
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        var running = worker.RefusedAsync(Sandbox, 11, "{\"sleepMs\":29000}");
        await worker.Plane.HearAsync(message => message.GrantConfirmed?.Fence.Position == 11, "the use has begun");

        var behind = Enumerable.Range(0, 4).Select(_ => worker.RefusedAsync(Sandbox, 11)).ToArray();
        await Eventually.HoldsAsync(() => behind.Count(call => call.IsCompleted) == 3, "one waits, the others are refused");
        Assert.False(running.IsCompleted);

        worker.Revoke(Sandbox, 14);
        Assert.Equal(ErrorReason.LeaseEnded, (await running).Reason);
        Assert.Equal(3, (await Task.WhenAll(behind)).Count(refused => refused.Reason == ErrorReason.Overloaded));
    }

    [Fact]
    public async Task A_sandbox_that_is_not_here_is_unknown()
    {
        await using var worker = await WorkerFixture.StartAsync(options => options.GrantWait = TimeSpan.FromMilliseconds(20));

        Assert.Equal(ErrorReason.UnknownSandbox, (await worker.RefusedAsync(99, 100)).Reason);
    }

    [Fact]
    public async Task Every_field_at_fault_is_named()
    {
        await using var worker = await WorkerFixture.StartAsync();

        var error = await Assert.ThrowsAsync<Grpc.Core.RpcException>(() => worker.InvokeAsync(0, 0, "x", "not a name"));

        Assert.Equal(ErrorReason.InvalidField, Protocol.Errors.ErrorTable.ReasonOf(error));
        Assert.Contains("sandbox", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("fence", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("tenant", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reserved_lease_waits_for_its_sandbox_to_boot()
    {
        await using var worker = await WorkerFixture.StartAsync();
        worker.Create(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        await worker.ObeyedAsync();

        Assert.Equal("cold", (await worker.InvokeAsync(Sandbox, 11, "cold")).Payload.ToStringUtf8());
    }
}
