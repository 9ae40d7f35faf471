namespace ControlPlane.Cpctl;

/// <summary>The faults as they are written on the command line.</summary>
internal static class FaultNames
{
    private static readonly IReadOnlyList<(string Name, Fault Fault)> All =
    [
        ("kill-leader", Fault.KillLeader),
        ("kill-follower", Fault.KillFollower),
        ("kill-two", Fault.KillTwo),
        ("pause-leader", Fault.PauseLeader),
        ("one-way", Fault.OneWay),
        ("hand-over", Fault.HandOver),
    ];

    public static string List => string.Join(", ", All.Select(one => one.Name));

    public static string Of(Fault fault) => All.First(one => one.Fault == fault).Name;

    public static Fault Parse(string text) =>
        All.Where(one => one.Name == text).Select(one => (Fault?)one.Fault).FirstOrDefault()
        ?? throw new UsageException($"'{text}' is not a fault", $"Choose one of: {List}.");
}
