using System.Globalization;

namespace ControlPlane.Worker.Session;

/// <summary>How busy the machine is, from <c>/proc/stat</c> and <c>/proc/meminfo</c>.</summary>
internal sealed class LoadMeter
{
    private (long Busy, long All) _last;

    public LoadMeter() => Look();

    /// <summary>Between the last two looks: 2.0 is two cores fully busy.</summary>
    public double BusyCores { get; private set; }

    /// <summary>Memory that was not available to new programs at the last look.</summary>
    public ulong MemoryUsedMib { get; private set; }

    /// <summary>Brings the figures up to date; without a descriptor to read them with, the last ones stand.</summary>
    public void Look()
    {
        try
        {
            MemoryUsedMib = ReadMemoryUsedMib();
            var now = ReadProcessorTicks();
            var (busy, all) = (now.Busy - _last.Busy, now.All - _last.All);
            _last = now;
            BusyCores = all <= 0 ? 0 : Environment.ProcessorCount * (double)busy / all;
        }
        catch (IOException)
        {
            // A worker that is short of descriptors must not lose its session over a heartbeat: it could not dial again.
        }
    }

    private static ulong ReadMemoryUsedMib()
    {
        ulong total = 0, available = 0;
        foreach (var line in File.ReadLines("/proc/meminfo"))
        {
            total = line.StartsWith("MemTotal:", StringComparison.Ordinal) ? KibOf(line) : total;
            available = line.StartsWith("MemAvailable:", StringComparison.Ordinal) ? KibOf(line) : available;
        }

        return (total - available) / 1024;
    }

    private static ulong KibOf(string line) =>
        ulong.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static (long Busy, long All) ReadProcessorTicks()
    {
        const int idleField = 3, waitingField = 4, countedFields = 8;
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(countedFields).Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var all = ticks.Sum();
        return (all - ticks[idleField] - ticks[waitingField], all);
    }
}
