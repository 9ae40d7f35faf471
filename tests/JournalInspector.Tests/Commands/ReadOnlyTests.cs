using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.JournalInspector.Tests.Samples;

namespace ControlPlane.JournalInspector.Tests.Commands;

public sealed class ReadOnlyTests : IDisposable
{
    private static readonly string[][] Commands =
    [
        ["info"],
        ["dump", "--format", "hex"],
        ["verify", "--deep"],
        ["state"],
        ["trace", "--sandbox", "6"],
        ["stats"],
        ["tail"],
        ["hash"],
        ["state", "--at", "12", "--diff", "20"],
        ["whatif", "--policy", "pack"],
    ];

    private readonly SampleJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task Every_command_only_lists_opens_and_reads()
    {
        foreach (var command in Commands)
        {
            var disk = new FaultInjectingDisk(new PhysicalDisk());
            var run = await Inspector.RunAsync(disk, [.. command, _journal.Path]);
            Assert.Equal(0, run.Exit);
            Assert.NotEmpty(disk.Completed);
            Assert.All(disk.Completed, operation => Assert.Contains(
                operation.Kind, new[] { DiskOperationKind.List, DiskOperationKind.Open, DiskOperationKind.Read }));
        }
    }

    [Fact]
    public async Task Every_command_works_while_the_writer_holds_its_lock()
    {
        using var writer = new JournalBuilder(_journal.Path);
        foreach (var command in Commands)
        {
            var run = await Inspector.RunAsync([.. command, _journal.Path]);
            Assert.Equal((0, ""), (run.Exit, run.Error));
        }
    }

    [Fact]
    public async Task A_disk_that_cannot_be_read_ends_with_74()
    {
        var disk = new FaultInjectingDisk(new PhysicalDisk())
        {
            Rule = operation => operation.Kind == DiskOperationKind.Read && operation.Path.EndsWith(".entries", StringComparison.Ordinal)
                ? DiskFault.InputOutputError
                : null,
        };
        var run = await Inspector.RunAsync(disk, "verify", _journal.Path);
        Assert.Equal(74, run.Exit);
        Assert.Contains("000000.entries", run.Error, StringComparison.Ordinal);
    }
}
