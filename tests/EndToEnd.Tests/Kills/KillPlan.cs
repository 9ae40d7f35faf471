using System.Globalization;
using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Kills;

/// <summary>
/// When the kills fall, and on what. All of it follows from the seed, which is printed; environment variables change it:
/// <c>CONTROLPLANE_E2E_KILLS</c> (how many of the whole plane, default 100), <c>CONTROLPLANE_E2E_KILLS_APART</c> (how many of node, worker or both
/// as processes of their own, default 20) and <c>CONTROLPLANE_E2E_SEED</c> (default 1).
/// </summary>
internal sealed class KillPlan
{
    private const int DefaultKills = 100;
    private const int DefaultKillsApart = 20;
    private const int DefaultSeed = 1;

    /// <summary>Of so many kills, one falls while the process starts and recovers, the others under load.</summary>
    private const int StartKillEvery = 8;

    private const int OperationsMax = 120;
    private static readonly PlanePart[] Victims = [PlanePart.Node, PlanePart.Worker, PlanePart.Everything];
    private static readonly TimeSpan ShortlyAfterMax = TimeSpan.FromMilliseconds(2);

    private readonly Random _random;
    private readonly bool _apart;

    public KillPlan(bool apart)
    {
        _apart = apart;
        Kills = apart ? Read("CONTROLPLANE_E2E_KILLS_APART", DefaultKillsApart) : Read("CONTROLPLANE_E2E_KILLS", DefaultKills);
        Seed = Read("CONTROLPLANE_E2E_SEED", DefaultSeed);
        _random = new Random(Seed);
    }

    public int Kills { get; }

    public int Seed { get; }

    /// <summary>The next kill.</summary>
    public Moment Next() => new(
        WhileStarting: _random.Next(StartKillEvery) == 0,
        ShareOfStart: _random.NextDouble(),
        Operations: 1 + _random.Next(OperationsMax),
        ShortlyAfter: ShortlyAfterMax * _random.NextDouble(),
        Victim: _apart ? Victims[_random.Next(Victims.Length)] : PlanePart.Everything);

    /// <summary>A generator for one client, of its own, so that what the others do does not change what it does.</summary>
    public Random ForClient(int number) => new(unchecked((Seed * 1_000) + number));

    private static int Read(string variable, int fallback) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    /// <summary>One moment.</summary>
    /// <param name="WhileStarting">Before the process serves.</param>
    /// <param name="ShareOfStart">Then: after so much of the time that a start usually takes.</param>
    /// <param name="Operations">Otherwise: when so many more calls of the clients have been answered,</param>
    /// <param name="ShortlyAfter">and so much later, so that it falls anywhere in the calls that are in flight.</param>
    /// <param name="Victim">What is killed.</param>
    internal sealed record Moment(bool WhileStarting, double ShareOfStart, int Operations, TimeSpan ShortlyAfter, PlanePart Victim);
}
