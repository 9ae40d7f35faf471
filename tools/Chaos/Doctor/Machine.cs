using System.Diagnostics;
using ControlPlane.Chaos.Processes;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Doctor;

/// <summary>One thing that a machine may allow.</summary>
/// <param name="Name">What.</param>
/// <param name="IsAllowed">Whether.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="For">What it is good for, and what is done without it.</param>
internal sealed record Ability(string Name, bool IsAllowed, string Detail, string For);

/// <summary>What this machine allows, found out by trying.</summary>
internal sealed record Machine(IReadOnlyList<Ability> Abilities)
{
    private const string Processes = "processes";
    private const string Signals = "signals";
    private const string Bash = "bash";
    private const string Tmpfs = "tmpfs";

    /// <summary>File systems of its own can be mounted.</summary>
    public bool CanMount => Allows(Tmpfs);

    /// <summary>Tries everything; takes about a second and leaves nothing behind.</summary>
    public static async Task<Machine> LookAsync(CancellationToken cancellation) => new(
    [
        OfProcesses(),
        await OfSignalsAsync(cancellation),
        OfProgram(Bash, "the function in the sandboxes, and the guard that ends what a killed runner left"),
        OfProgram("setsid", "Ctrl-C reaches the runner only; without it the nodes are told to stop at the same time"),
        OfLoopback(),
        await OfTmpfsAsync(cancellation),
        await TryAsync("namespaces", ["unshare", "--user", "--net", "true"], "true one-way cuts below TCP; not used: relays in the runner do it without rights", cancellation),
        await TryAsync("iptables", ["iptables", "--list", "--numeric"], "cuts below TCP; not used", cancellation),
        OfProgram("etcd", "the register in etcd; not used: nodes keep it among themselves"),
        new Ability("fault disk", true, "nodes of this tool's own composition, at the seam of the production server", "eio, torn writes, stalls, lost flushes, kills at a named point"),
        new Ability("fault clock", true, "the same; of nodes, not of workers", "jumps, drift, freeze"),
        OfCores(),
        OfDisk(),
        OfClock(),
    ]);

    /// <summary>What a scenario needs and this machine does not allow; null if it can be run.</summary>
    public string? Lacking(Scenario scenario)
    {
        if (new[] { Processes, Bash }.FirstOrDefault(need => !Allows(need)) is { } missing)
        {
            return $"every scenario needs {missing}: {Of(missing).Detail}";
        }

        return scenario.Faults.Any(fault => fault.Kind == FaultKind.Pause) && !Allows(Signals) ? $"pause needs signals: {Of(Signals).Detail}" : null;
    }

    private static Ability OfProcesses() => new(
        Processes, Directory.Exists("/proc/self"), Directory.Exists("/proc/self") ? "/proc is there" : "there is no /proc", "knowing which processes belong to a run");

    private static async Task<Ability> OfSignalsAsync(CancellationToken cancellation)
    {
        const string For = "kill, pause";
        if (BuiltPrograms.Find("sleep") is not { } sleep)
        {
            return new Ability(Signals, false, "there is no process to try them on", For);
        }

        using var process = Process.Start(sleep, "30");
        try
        {
            Chaos.Processes.Signals.Send(process.Id, Chaos.Processes.Signals.Stop);
            var state = '?';
            for (var looks = 0; looks < 100 && state != 'T'; looks++)
            {
                state = (await File.ReadAllTextAsync($"/proc/{process.Id}/stat", cancellation)).Split(") ")[1][0];
                await Task.Delay(5, cancellation);
            }

            return new Ability(Signals, state == 'T', state == 'T' ? "a process was stopped and killed" : $"a stopped process is in state {state}", For);
        }
        catch (IOException unreadable)
        {
            return new Ability(Signals, false, unreadable.Message, For);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Ability OfProgram(string name, string purpose) =>
        BuiltPrograms.Find(name) is { } found ? new Ability(name, true, found, purpose) : new Ability(name, false, "not on PATH", purpose);

    private static Ability OfLoopback() => new(
        "loopback block", OperatingSystem.IsLinux(), OperatingSystem.IsLinux() ? "127.0.0.0/8" : "127.0.0.1 only", "ports that nobody takes while a node is down; without it a restart may find its port taken");

    private static async Task<Ability> OfTmpfsAsync(CancellationToken cancellation)
    {
        const string For = "a real ENOSPC; without it the fault disk says that no room is left";
        var place = Directory.CreateTempSubdirectory("controlplane-chaos-").FullName;
        try
        {
            var (code, _, error) = await ChildProcess.RunAsync(["mount", "-t", "tmpfs", "-o", "size=1m", "controlplane-chaos", place], cancellation);
            if (code == 0)
            {
                await ChildProcess.RunAsync(["umount", place], CancellationToken.None);
            }

            return new Ability(Tmpfs, code == 0, code == 0 ? "mounted one and took it away" : error.Trim(), For);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return new Ability(Tmpfs, false, missing.Message, For);
        }
        finally
        {
            Directory.Delete(place);
        }
    }

    private static async Task<Ability> TryAsync(string name, IReadOnlyList<string> commandLine, string purpose, CancellationToken cancellation)
    {
        if (BuiltPrograms.Find(commandLine[0]) is not { } program)
        {
            return new Ability(name, false, $"{commandLine[0]} is not on PATH", purpose);
        }

        var (code, _, error) = await ChildProcess.RunAsync([program, .. commandLine.Skip(1)], cancellation);
        return new Ability(name, code == 0, code == 0 ? program : error.Trim().Split('\n')[0], purpose);
    }

    private static Ability OfCores()
    {
        var cores = Environment.ProcessorCount;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        return new Ability("cores", cores >= 2, FormattableString.Invariant($"{cores} core(s), {memory} MiB of memory"), "with fewer than two, outages measure the machine more than the plane");
    }

    private static Ability OfDisk()
    {
        const int Syncs = 20;
        const int SlowMilliseconds = 50;
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            var slowest = TimeSpan.Zero;
            for (var i = 0; i < Syncs; i++)
            {
                file.Write(new byte[4_096]);
                var begun = Stopwatch.GetTimestamp();
                file.Flush(flushToDisk: true);
                slowest = Stopwatch.GetElapsedTime(begun) > slowest ? Stopwatch.GetElapsedTime(begun) : slowest;
            }

            var free = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace >> 30;
            return new Ability("disk", slowest.TotalMilliseconds < SlowMilliseconds, FormattableString.Invariant($"slowest of {Syncs} syncs {slowest.TotalMilliseconds:0.0} ms, {free} GiB free"), "a disk that syncs in more than 50 ms looks like a dead leader now and then");
        }
        catch (IOException broken)
        {
            return new Ability("disk", false, broken.Message, "journals");
        }
    }

    private static Ability OfClock()
    {
        var source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        var name = File.Exists(source) ? File.ReadAllText(source).Trim() : "unknown";
        return new Ability("clock", Stopwatch.IsHighResolution, FormattableString.Invariant($"{name}, {1e9 / Stopwatch.Frequency:0} ns"), "the order of calls in a history");
    }

    private bool Allows(string name) => Of(name).IsAllowed;

    private Ability Of(string name) => Abilities.Single(ability => ability.Name == name);
}
