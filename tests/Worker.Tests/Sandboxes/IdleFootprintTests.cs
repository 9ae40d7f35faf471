using System.Diagnostics;
using System.Globalization;
using ControlPlane.Worker.Tests.Support;

namespace ControlPlane.Worker.Tests.Sandboxes;

/// <summary>What idle sandboxes cost the agent; the README states the figures and the command.</summary>
public sealed class IdleFootprintTests(ITestOutputHelper output)
{
    private const ulong Sandboxes = 200;
    private const ulong Batch = 20;
    private const string Switch = "CONTROLPLANE_MEASURE";

    [Fact]
    public async Task Two_hundred_idle_sandboxes_cost_no_thread_each()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Switch) == "1", $"a measurement: set {Switch}=1");
        await using var worker = await WorkerFixture.StartAsync();
        await worker.StopWorkerAsync();
        await using var agent = await AgentProcess.StartAsync(worker);
        await worker.CreateReadyAsync(1000, WorkerFixture.EchoShell());
        var before = Read(agent.Pid);
        var started = Stopwatch.GetTimestamp();

        for (ulong first = 1; first <= Sandboxes; first += Batch)
        {
            for (var sandbox = first; sandbox < first + Batch; sandbox++)
            {
                worker.Create(sandbox, WorkerFixture.EchoShell());
            }

            for (var sandbox = first; sandbox < first + Batch; sandbox++)
            {
                await worker.CreateReadyAsync(sandbox, WorkerFixture.EchoShell());
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        var after = Read(agent.Pid);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sandboxes} ready after {elapsed.TotalSeconds:F1} s; threads {before.Threads} -> {after.Threads}; resident {before.ResidentKib} -> {after.ResidentKib} KiB; descriptors {before.Descriptors} -> {after.Descriptors}"));
        await EndAllAsync(worker);
        Assert.InRange(after.Threads - before.Threads, -100, (int)Sandboxes / 4);
    }

    private static async Task EndAllAsync(WorkerFixture worker)
    {
        ulong[] all = [.. Enumerable.Range(1, (int)Sandboxes).Select(i => (ulong)i), 1000];
        foreach (var sandbox in all)
        {
            worker.Destroy(sandbox);
        }

        foreach (var sandbox in all)
        {
            await worker.DiedAsync(sandbox);
        }
    }

    private static (int Threads, int ResidentKib, int Descriptors) Read(int pid)
    {
        var status = File.ReadAllLines($"/proc/{pid}/status");
        return (Number(status, "Threads:"), Number(status, "VmRSS:"), Directory.GetFiles($"/proc/{pid}/fd").Length);
    }

    private static int Number(string[] status, string name) => int.Parse(
        status.Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
