using System.Globalization;
using ControlPlane.Worker.Processes;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>
/// Ends sandboxes whose processes hold more memory than their function may: looks at the resident memory of each session, at
/// an interval. Not an address space limit: Node and .NET reserve far more than they use and would not start under one.
/// </summary>
/// <remarks>A page shared by several processes of one sandbox counts once for each. A sandbox can exceed its limit for two looks (see <see cref="MemoryJudge"/>).</remarks>
internal sealed class MemoryWatch(SandboxTable sandboxes, TimeSpan interval, TimeProvider time, ILogger logger)
{
    private readonly MemoryJudge _judge = new();

    /// <summary>Looks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancelled)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(cancelled))
        {
            if (sandboxes.Count > 0)
            {
                TryLook();
            }
        }
    }

    private void TryLook()
    {
        try
        {
            Look();
        }
        catch (IOException e)
        {
            // The next look may succeed; a watch that stopped for good would be worse than one that missed a turn.
            WorkerLog.MemoryNotSeen(logger, MachineFailure.CauseOf(e));
        }
    }

    private void Look()
    {
        // Asked for before the processes are read: until its launch has returned, a process shares the agent's memory, and shows it
        // as its own. Judged afterwards, a sandbox that started meanwhile would be ended for what the agent holds.
        var sessions = sandboxes.All.Select(sandbox => (Sandbox: sandbox, Session: sandbox.ProcessSession)).ToList();
        var residentBytes = new Dictionary<int, long>();
        foreach (var stat in ProcessTable.ReadAll())
        {
            residentBytes[stat.Session] = residentBytes.GetValueOrDefault(stat.Session) + (stat.ResidentPages * Environment.SystemPageSize);
        }

        var running = new Dictionary<int, Sandbox>();
        foreach (var (sandbox, known) in sessions)
        {
            if (known is { } session)
            {
                running.Add(session, sandbox);
            }
        }

        foreach (var session in _judge.Judge(running.Select(r => (r.Key, residentBytes.GetValueOrDefault(r.Key), r.Value.MemoryBytesMax))))
        {
            var sandbox = running[session];
            sandbox.RequestEnd(EndRequest.Die(string.Create(
                CultureInfo.InvariantCulture, $"out of memory: {residentBytes[session] >> 20} MiB of {sandbox.MemoryBytesMax >> 20} MiB")));
        }
    }
}
