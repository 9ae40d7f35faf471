using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Refills warm targets at a bounded rate, function by function in turn: when a worker dies, what it held does not come
/// back as a stampede. Requests that wait for room go first, and never more is started than the deficit.
/// </summary>
internal sealed class RefillShaper(CoreOptions options) : ITimed
{
    private static readonly TimeSpan RetryWithoutRoom = TimeSpan.FromSeconds(1);
    private readonly Queue<FunctionVersion> line = [];
    private double tokens = options.RefillBurst;
    private JournalTime countedAt;

    public JournalTime Due { get; set; }

    public int TimerSlot { get; set; }

    private TimeSpan TokenInterval => TimeSpan.FromSeconds(1 / Math.Max(0.001, options.RefillPerSecond));

    public void Reset(JournalTime now)
    {
        line.Clear();
        tokens = options.RefillBurst;
        countedAt = now;
    }

    /// <summary>Puts the function in the line if it is below its warm target.</summary>
    public void Consider(Reign reign, FunctionVersion function)
    {
        if (function.AwaitsRefill || Deficit(function) <= 0)
        {
            return;
        }

        function.AwaitsRefill = true;
        line.Enqueue(function);
        if (TimerSlot == 0)
        {
            reign.Timers.Set(this, reign.Now);
        }
    }

    /// <summary>There may be room again: no need to wait out the retry.</summary>
    public void Wake(Reign reign)
    {
        if (line.Count > 0)
        {
            reign.Timers.Set(this, reign.Now);
        }
    }

    /// <summary>The timer is due: start what the rate allows.</summary>
    public void Run(Reign reign)
    {
        reign.Timers.Cancel(this);
        tokens = Math.Min(options.RefillBurst, tokens + (reign.Now.Since(countedAt).TotalSeconds * options.RefillPerSecond));
        countedAt = reign.Now;
        while (line.Count > 0)
        {
            if (tokens < 1)
            {
                reign.Timers.Set(this, reign.Now.Plus(TokenInterval));
                return;
            }

            if (!StartOne(reign))
            {
                reign.Timers.Set(this, reign.Now.Plus(RetryWithoutRoom));
                return;
            }
        }
    }

    /// <summary>False if there is no room, or if waiting requests have first claim on it.</summary>
    private bool StartOne(Reign reign)
    {
        var function = line.Dequeue();
        function.AwaitsRefill = false;
        if (!function.IsCurrent || Deficit(function) <= 0)
        {
            return true;
        }

        reign.Plan.Begin();
        var host = reign.Waiting.Count > 0 ? null : reign.Placement.Choose(reign, request: null, function, tenant: null, inspection: null);
        if (host is not null)
        {
            tokens--;
            Creation.Create(reign, host, function);
        }

        if (Deficit(function) > 0)
        {
            function.AwaitsRefill = true;
            line.Enqueue(function);
        }

        return host is not null;
    }

    private static long Deficit(FunctionVersion function) =>
        function.Definition.WarmTarget - (long)function.Free.Count - function.Starting.Count;
}
