using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Disk;

/// <summary>A file system with no room left: the process ends, and with room again it knows everything that it had acknowledged.</summary>
public sealed class FullDiskTests(TestRun run)
{
    private const int JournalFault = 74;
    private const int FileSystemMib = 48;

    [Fact]
    public async Task A_full_disk_ends_the_process_and_loses_nothing_that_was_acknowledged()
    {
        var root = run.NewDirectory("full-disk");
        await using var disk = await SmallFileSystem.MountAsync(Path.Combine(root, "disk"), FileSystemMib);
        await using var plane = new PlaneProcess(root) { Data = Path.Combine(disk.Path, "data") };
        await plane.StartAsync();
        using var client = plane.NewClient();
        await plane.DeployAsync(client);
        var held = await client.AllocateAsync(EchoFunction.Lease(), TestContext.Current.CancellationToken);

        // Journals in general take large entries: the quickest way to use up the room that was allocated ahead.
        disk.Fill();
        using var impatient = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [plane.Address], Deadline = TimeSpan.FromSeconds(3) });
        var appended = await AppendUntilItFailsAsync(impatient);
        Assert.True(await plane.Process.ExitAsync() == JournalFault, $"expected {JournalFault}:\n{plane.Said}");
        Assert.Contains("space", plane.Said, StringComparison.OrdinalIgnoreCase);

        disk.MakeRoom();
        await plane.StartAsync();

        // The append that was not answered may be there or not.
        Assert.InRange((await client.Journal("dev").CheckTailAsync(TestContext.Current.CancellationToken)).Tail - 1, appended, appended + 1);
        await held.InvokeAsync("still held"u8.ToArray(), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(0, await plane.StopAsync());
    }

    private static async Task<ulong> AppendUntilItFailsAsync(ControlPlaneClient client)
    {
        var payload = new byte[200 * 1024];
        ulong last = 0;
        try
        {
            while (true)
            {
                last = (await client.Journal("dev").AppendAsync([payload], cancellation: TestContext.Current.CancellationToken)).Ok.Last;
            }
        }
        catch (ControlPlaneException failure)
        {
            Assert.NotEqual(CallOutcome.Refused, failure.Outcome);
            return last;
        }
    }
}
