using ControlPlane.Primitives;
using ControlPlane.Worker.Storage;
using ControlPlane.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Worker.Tests.Storage;

public sealed class AgentDirectoryTests : IDisposable
{
    private static readonly SandboxId First = new(new PartitionId(0), new SequenceNumber(10));
    private static readonly SandboxId Second = new(new PartitionId(0), new SequenceNumber(20));

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task On_the_same_boot_sandboxes_come_back_with_what_their_gates_knew()
    {
        await StartedAsync();
        Store(First).SaveHighest(new SequenceNumber(15));

        var saved = Assert.Single(await RecoveredAsync());

        Assert.Equal(First, saved.Id);
        Assert.Equal(new SequenceNumber(15), saved.Highest);
        Assert.Equal(WorkerFixture.EchoShell(), saved.Function);
    }

    [Fact]
    public async Task Another_boot_voids_every_sandbox()
    {
        await StartedAsync();
        Store(First);
        StateFile.Save(_data.File("boot"), "another boot"u8);

        Assert.Empty(await RecoveredAsync());
        Assert.Empty(Directory.GetDirectories(_data.File("sandboxes")));
    }

    [Theory]
    [InlineData("gate")]
    [InlineData("function")]
    public async Task A_sandbox_with_a_torn_file_is_dropped_and_the_others_come_back(string file)
    {
        await StartedAsync();
        Store(First);
        Store(Second);
        var torn = Path.Combine(_data.File("sandboxes"), First.ToString(), file);
        Cut(torn);

        Assert.Equal(Second, Assert.Single(await RecoveredAsync()).Id);
        Assert.Single(Directory.GetDirectories(_data.File("sandboxes")));
    }

    [Fact]
    public async Task A_sandbox_that_was_not_stored_completely_is_dropped()
    {
        await StartedAsync();
        Store(First);
        var path = Path.Combine(_data.File("sandboxes"), First.ToString());
        Directory.Move(path, path + ".new");

        Assert.Empty(await RecoveredAsync());
    }

    [Fact]
    public void The_highest_epoch_of_each_partition_is_kept_and_never_falls()
    {
        var (one, other) = (new PartitionId(0), new PartitionId(3));
        using (var first = Open())
        {
            first.RaiseEpoch(one, new Epoch(5));
            first.RaiseEpoch(other, new Epoch(2));
            first.RaiseEpoch(one, new Epoch(3));
        }

        using var second = Open();
        Assert.Equal(new Epoch(5), second.HighestEpochOf(one));
        Assert.Equal(new Epoch(2), second.HighestEpochOf(other));
        Assert.Equal(default, second.HighestEpochOf(new PartitionId(1)));
    }

    private static void Cut(string file) => File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);

    private SandboxDirectory Store(SandboxId id) => SandboxDirectory.Create(_data.File("sandboxes"), id, WorkerFixture.EchoShell());

    private AgentDirectory Open() => new(_data.Path, NullLogger.Instance);

    /// <summary>A first agent that knew this boot.</summary>
    private async Task StartedAsync() => Assert.Empty(await RecoveredAsync());

    private async Task<IReadOnlyList<SavedSandbox>> RecoveredAsync()
    {
        using var directory = Open();
        return await directory.RecoverAsync(TimeSpan.Zero, TimeProvider.System);
    }
}
