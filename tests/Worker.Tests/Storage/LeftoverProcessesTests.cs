using System.Diagnostics;
using ControlPlane.Worker.Processes;
using ControlPlane.Worker.Sandboxes;
using ControlPlane.Worker.Storage;
using ControlPlane.Worker.Tests.Support;

namespace ControlPlane.Worker.Tests.Storage;

public sealed class LeftoverProcessesTests
{
    private static readonly UInt128 Run = 0x1234;

    [Fact]
    public async Task A_process_that_got_the_number_of_a_recorded_one_is_left_alone()
    {
        using var innocent = await Leader.StartAsync("987001");

        var ended = await EndAsync(new ProcessRecord(Run, innocent.Stat.Pid, innocent.Stat.StartTime - 1));

        Assert.Equal(0, ended);
        Assert.True(innocent.IsAlive);
    }

    [Fact]
    public async Task The_recorded_process_itself_is_ended()
    {
        using var leftover = await Leader.StartAsync("987002");

        var ended = await EndAsync(new ProcessRecord(Run, leftover.Stat.Pid, leftover.Stat.StartTime));

        Assert.Equal(1, ended);
        Assert.False(leftover.IsAlive);
    }

    [Fact]
    public async Task A_process_with_the_mark_of_a_run_is_ended_though_its_number_was_never_recorded()
    {
        using var leftover = await Leader.StartAsync("987003", SandboxEnvironment.MarkOf(Run));
        using var other = await Leader.StartAsync("987004", SandboxEnvironment.MarkOf(Run + 1));

        var ended = await EndAsync(new ProcessRecord(Run, 0, 0));

        Assert.Equal(1, ended);
        Assert.False(leftover.IsAlive);
        Assert.True(other.IsAlive);
    }

    private static Task<int> EndAsync(ProcessRecord run) => LeftoverProcesses.EndAsync([run], TimeSpan.Zero, TimeProvider.System);

    /// <summary>A sleeping leader of a session, as a sandbox's program is.</summary>
    private sealed class Leader : IDisposable
    {
        private readonly Process _process;

        private Leader(Process process) => _process = process;

        public ProcessStat Stat { get; private set; }

        public bool IsAlive => ProcessTable.TryRead(Stat.Pid, out var now) && now.IsAlive && now.StartTime == Stat.StartTime;

        public static async Task<Leader> StartAsync(string seconds, string mark = "")
        {
            var leader = new Leader(Process.Start(new ProcessStartInfo("setsid")
            {
                ArgumentList = { "sleep", seconds },
                Environment = { [SandboxEnvironment.MarkVariable] = mark },
            })!);
            await Eventually.HoldsAsync(() => Sleepers.Of(seconds).Contains(leader._process.Id), "the process sleeps in its session");
            Assert.True(ProcessTable.TryRead(leader._process.Id, out var stat));
            Assert.Equal(stat.Pid, stat.Session);
            leader.Stat = stat;
            return leader;
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
