using System.Globalization;

namespace ControlPlane.Worker.Session;

/// <summary>How busy the machine is, from <c>/proc/stat</c> and <c>/proc/meminfo</c>.</summary>
internal sealed class LoadMeter
{
    private (long Busy, long All) _last = ReadProcessorTicks();

    /// <summary>Busy cores since the last call: 2.0 is two cores fully busy.</summary>
    public double ReadBusyCores()
    {
        var now = ReadProcessorTicks();
        var (busy, all) = (now.Busy - _last.Busy, now.All - _last.All);
        _last = now;
        return all <= 0 ? 0 : Environment.ProcessorCount * (double)busy / all;
    }

    /// <summary>Memory that is not available to new programs.</summary>
    public static ulong ReadMemoryUsedMib()
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
