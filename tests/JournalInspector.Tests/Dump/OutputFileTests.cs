using ControlPlane.JournalInspector.Tests.Samples;

namespace ControlPlane.JournalInspector.Tests.Dump;

/// <summary>A dump to a file is the export.</summary>
public sealed class OutputFileTests : IDisposable
{
    private readonly SampleJournal _journal = new();
    private readonly TemporaryDirectory _directory = new();

    private string Output => _directory.Combine("entries.jsonl");

    public void Dispose()
    {
        _journal.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_holds_what_would_have_been_printed()
    {
        var printed = await Inspector.RunAsync("dump", _journal.Path, "--format", "jsonl", "--from", "5");
        var written = await Inspector.RunAsync("dump", _journal.Path, "--format", "jsonl", "--from", "5", "--output", Output);
        Assert.Equal((0, "", ""), (written.Exit, written.Output, written.Error));
        Assert.Equal(printed.Output, await File.ReadAllTextAsync(Output, TestContext.Current.CancellationToken));
        Assert.Equal([Output], Directory.GetFiles(_directory.Path));
    }

    [Fact]
    public async Task It_never_replaces_a_file_and_never_lies_in_the_journal()
    {
        await File.WriteAllTextAsync(Output, "mine", TestContext.Current.CancellationToken);
        Assert.Equal(64, (await Inspector.RunAsync("dump", _journal.Path, "--output", Output)).Exit);
        Assert.Equal("mine", await File.ReadAllTextAsync(Output, TestContext.Current.CancellationToken));
        Assert.Equal(64, (await Inspector.RunAsync("dump", _journal.Path, "--output", Path.Combine(_journal.Path, "x"))).Exit);
        Assert.False(File.Exists(Path.Combine(_journal.Path, "x")));
    }

    [Fact]
    public async Task It_is_not_there_if_the_dump_did_not_end()
    {
        var disk = new ControlPlane.Journal.Disk.Faults.FaultInjectingDisk(new ControlPlane.Journal.Disk.PhysicalDisk())
        {
            Rule = operation => operation.Kind == ControlPlane.Journal.Disk.DiskOperationKind.Read && operation.Path.Contains("2-17", StringComparison.Ordinal)
                ? ControlPlane.Journal.Disk.Faults.DiskFault.InputOutputError
                : null,
        };
        Assert.Equal(74, (await Inspector.RunAsync(disk, "dump", _journal.Path, "--output", Output)).Exit);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }
}
