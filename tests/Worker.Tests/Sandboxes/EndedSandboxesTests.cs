using ControlPlane.Primitives;
using ControlPlane.Worker.Sandboxes;
using ControlPlane.Worker.Tests.Support;

namespace ControlPlane.Worker.Tests.Sandboxes;

public sealed class EndedSandboxesTests : IDisposable
{
    private const int LogsMax = 2;

    private readonly TemporaryDirectory _logs = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public void The_logs_of_the_last_ones_are_kept_with_their_older_parts()
    {
        var ended = new EndedSandboxes(_logs.Path, LogsMax);
        for (ulong sandbox = 1; sandbox <= 5; sandbox++)
        {
            Write(sandbox);
            ended.Add(Id(sandbox), "retired");
        }

        Assert.Equal(["S0-4.log", "S0-4.log.1", "S0-5.log", "S0-5.log.1"], Files());
        Assert.Equal("retired", ended.ReasonOf(Id(1)));
    }

    [Fact]
    public void Logs_of_earlier_agents_count_and_the_oldest_go_at_the_start()
    {
        foreach (ulong sandbox in new ulong[] { 3, 1, 4, 2 })
        {
            Write(sandbox);
            File.SetLastWriteTimeUtc(_logs.File($"S0-{sandbox}.log"), DateTime.UnixEpoch.AddDays(sandbox));
            File.SetLastWriteTimeUtc(_logs.File($"S0-{sandbox}.log.1"), DateTime.UnixEpoch);
        }

        var ended = new EndedSandboxes(_logs.Path, LogsMax);
        ended.TakeOverLogs(live: []);

        Assert.Equal(["S0-3.log", "S0-3.log.1", "S0-4.log", "S0-4.log.1"], Files());
        Write(5);
        ended.Add(Id(5), "retired");
        Assert.Equal(["S0-4.log", "S0-4.log.1", "S0-5.log", "S0-5.log.1"], Files());
    }

    [Fact]
    public void Logs_of_revived_sandboxes_and_files_of_others_are_left_alone()
    {
        Write(1);
        Write(2);
        File.WriteAllText(_logs.File("notes.log"), "someone else's");

        new EndedSandboxes(_logs.Path, logsMax: 0).TakeOverLogs(live: [Id(1)]);

        Assert.Equal(["S0-1.log", "S0-1.log.1", "notes.log"], Files());
    }

    private static SandboxId Id(ulong position) => new(new PartitionId(0), new SequenceNumber(position));

    private void Write(ulong sandbox)
    {
        File.WriteAllText(_logs.File($"S0-{sandbox}.log"), "newest");
        File.WriteAllText(_logs.File($"S0-{sandbox}.log.1"), "older");
    }

    private IEnumerable<string?> Files() => Directory.GetFiles(_logs.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
