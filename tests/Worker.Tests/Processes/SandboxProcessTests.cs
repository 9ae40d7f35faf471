using ControlPlane.Worker.Processes;
using ControlPlane.Worker.Sandboxes;
using ControlPlane.Worker.Tests.Support;

namespace ControlPlane.Worker.Tests.Processes;

public sealed class SandboxProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Poller _poller = new();

    public void Dispose()
    {
        _poller.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("exit 7", "exited with code 7")]
    [InlineData("kill -9 $$", "killed by signal 9")]
    public async Task How_a_program_ended_is_told(string script, string how)
    {
        using var log = Log();
        var process = await StartAsync(script, log);

        Assert.Equal(how, (await process.Exited).ToString());
        await process.EndAsync(TimeSpan.Zero, TimeProvider.System);
    }

    [Fact]
    public async Task A_program_keeps_its_number_until_its_session_is_known_to_be_over()
    {
        using var log = Log();
        var process = await StartAsync("exit 0", log);
        await process.Exited;

        Assert.True(ProcessTable.TryRead(process.Pid, out var zombie));
        Assert.False(zombie.IsAlive);
        Assert.Equal(process.StartTime, zombie.StartTime);
        await process.EndAsync(TimeSpan.Zero, TimeProvider.System);
        Assert.False(ProcessTable.TryRead(process.Pid, out var later) && later.StartTime == process.StartTime);
    }

    [Fact]
    public async Task The_last_words_of_a_program_are_in_its_log()
    {
        using var log = Log();
        var process = await StartAsync("head -c 60000 /dev/zero | tr '\\0' x; echo; echo the last words", log);
        await process.Exited;
        await process.EndAsync(TimeSpan.Zero, TimeProvider.System);

        Assert.EndsWith("the last words\n", await File.ReadAllTextAsync(_directory.File("log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_that_end_at_once_are_all_noticed()
    {
        using var log = Log();
        var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
        {
            var process = await StartAsync("exit 5", log);
            var how = await process.Exited;
            await process.EndAsync(TimeSpan.Zero, TimeProvider.System);
            return how;
        })));

        Assert.All(all, how => Assert.Equal(new ExitStatus(5, 0), how));
    }

    private SandboxLog Log() => new(_directory.File("log"), new SandboxOptions(), TimeProvider.System);

    private Task<SandboxProcess> StartAsync(string script, SandboxLog log) => SandboxProcess.StartAsync(
        new LaunchSpec(["bash", "-c", script], Path.GetTempPath(), new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" }), log, _poller, TimeProvider.System);
}
