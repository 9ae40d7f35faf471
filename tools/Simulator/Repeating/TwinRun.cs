using System.Diagnostics;
using System.Globalization;
using ControlPlane.Simulator.App;

namespace ControlPlane.Simulator.Repeating;

/// <summary>Runs a seed twice, in processes of its own, and compares every event.</summary>
internal static class TwinRun
{
    /// <summary>Null if both went alike; else the first event that differs.</summary>
    public static string? Compare(ulong seed)
    {
        using var first = Begin(seed, isTimeline: false);
        using var second = Begin(seed, isTimeline: false);
        var (one, other) = (first.StandardOutput.ReadToEnd(), second.StandardOutput.ReadToEnd());
        End(first);
        End(second);
        return one == other ? null : FirstDifference(seed);
    }

    private static string FirstDifference(ulong seed)
    {
        using var first = Begin(seed, isTimeline: true);
        using var second = Begin(seed, isTimeline: true);
        while (true)
        {
            var (one, other) = (first.StandardOutput.ReadLine(), second.StandardOutput.ReadLine());
            if (one != other)
            {
                first.Kill();
                second.Kill();
                return $"two runs of seed {seed} part: \"{one}\" and \"{other}\"";
            }

            if (one is null)
            {
                return $"two runs of seed {seed} had different fingerprints, and two further ones the same: it does not happen each time";
            }
        }
    }

    private static Process Begin(ulong seed, bool isTimeline)
    {
        var self = Environment.ProcessPath ?? throw new UsageException("the program does not know its own path");
        var start = new ProcessStartInfo(self) { RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{SimulatorRoot.Name}.dll"));
        }

        start.ArgumentList.Add("seed");
        start.ArgumentList.Add(seed.ToString(CultureInfo.InvariantCulture));
        start.ArgumentList.Add(isTimeline ? "--verbose" : "--fingerprint");
        return Process.Start(start) ?? throw new UsageException("a second process could not be started");
    }

    private static void End(Process process)
    {
        process.WaitForExit();
        if (process.ExitCode is (int)ExitCode.Internal or (int)ExitCode.Usage)
        {
            throw new UsageException($"a process that was to run a seed ended with code {process.ExitCode}");
        }
    }
}
