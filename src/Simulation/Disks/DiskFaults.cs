using ControlPlane.Simulation.Coverage;

namespace ControlPlane.Simulation.Disks;

/// <summary>What is wrong with a disk at the moment; asked before every storage call.</summary>
internal sealed class DiskFaults(CoverageMarks coverage)
{
    private long? _callsUntilKill;
    private long? _callsUntilError;
    private long? _callsUntilPowerCut;

    /// <summary>How often it is full at the moment, by faults that overlap.</summary>
    public int Full { get; set; }

    /// <summary>Nanoseconds that each call takes longer.</summary>
    public long Stall { get; set; }

    /// <summary>How many faults let it say that it has synced what it has not.</summary>
    public int Lies { get; set; }

    public void KillIn(long calls) => _callsUntilKill = calls;

    public void PowerFailsIn(long calls) => _callsUntilPowerCut = calls;

    public void FailIn(long calls) => _callsUntilError = calls;

    /// <summary>The process is another one: what was to befall the old one is past.</summary>
    public void Forget() => (_callsUntilKill, _callsUntilError, _callsUntilPowerCut) = (null, null, null);

    /// <summary>A storage call begins; it may be the last.</summary>
    public void Before(string call, bool grows)
    {
        if (_callsUntilKill-- == 0)
        {
            coverage.Hit($"killed before {call}");
            throw new CrashException($"killed before {call}");
        }

        if (_callsUntilPowerCut-- == 0)
        {
            coverage.Hit($"power cut before {call}");
            throw new CrashException($"power cut before {call}", isPowerCut: true);
        }

        if (_callsUntilError-- == 0)
        {
            coverage.Hit($"disk error at {call}");
            throw new CrashException($"disk error at {call}");
        }

        if (grows && Full > 0)
        {
            coverage.Hit($"disk full at {call}");
            throw new CrashException($"disk full at {call}");
        }
    }
}
