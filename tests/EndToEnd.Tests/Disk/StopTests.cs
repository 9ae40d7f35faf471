using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Disk;

/// <summary>The end of a process that is asked to end.</summary>
public sealed class StopTests(TestRun run) : IAsyncDisposable
{
    private readonly PlaneProcess _plane = new(run.NewDirectory("stop"));

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    [Fact]
    public async Task A_plane_that_is_told_to_stop_ends_in_good_order_with_its_sandboxes_and_keeps_its_leases()
    {
        await _plane.StartAsync();
        using var client = _plane.NewClient();
        await _plane.DeployAsync(client, warm: 2);
        var lease = await client.AllocateAsync(EchoFunction.Lease(), TestContext.Current.CancellationToken);

        Assert.Equal(0, await _plane.StopAsync());
        Assert.Empty(RunningProcesses.Naming(_plane.Root));

        await _plane.StartAsync();
        var listed = await client.LookupAsync(Request(lease), TestContext.Current.CancellationToken);
        Assert.Equal(lease.Lease.Fence, listed.Leases.Single().Fence);
        await lease.InvokeAsync("after the stop"u8.ToArray(), cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_second_process_on_the_same_directory_is_refused_and_the_first_goes_on()
    {
        await _plane.StartAsync();
        await using var second = new PlaneProcess(run.NewDirectory("second")) { Data = _plane.Data };
        await second.LaunchAsync();

        Assert.NotEqual(0, await second.Process.ExitAsync());
        Assert.Contains("another process holds", second.Said, StringComparison.Ordinal);
        Assert.True(await Readiness.IsServingAsync(_plane.Port));
    }

    private static Primitives.RequestId Request(Client.LeaseHandle lease)
    {
        Assert.True(Primitives.RequestId.TryRead(lease.Lease.RequestId.Span, out var request));
        return request;
    }
}
