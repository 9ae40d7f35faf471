namespace ControlPlane.Replication.Tests.Nodes;

/// <summary>Deeper: <c>CONTROLPLANE_DEPTH=16 dotnet test tests/Replication.Tests -c Release --filter SmallScope</c>; each level takes about three times as long.</summary>
public sealed class SmallScopeTests
{
    private static readonly int Depth = int.TryParse(Environment.GetEnvironmentVariable("CONTROLPLANE_DEPTH"), out var wanted) ? wanted : 9;

    public static TheoryData<string> Scopes => [.. Bounds.Keys];

    private static readonly Dictionary<string, ScopeBounds> Bounds = new(StringComparer.Ordinal)
    {
        ["a writer that wakes up, and one successor"] = new() { Depth = Depth + 2 },
        ["two successors at once"] = new() { Depth = Depth, Stands = 2 },
        ["a crash at any point of a succession"] = new() { Depth = Depth, Crashes = 1 },
        ["a lost message or answer"] = new() { Depth = Depth, Losses = 1 },
        ["appends by the old writer and the new"] = new() { Depth = Depth + 1, Appends = 2 },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public void No_history_within_the_bounds_breaks_the_journal(string scope)
    {
        var exploration = new SmallScope(Bounds[scope]);

        exploration.Explore();

        Assert.True(exploration.States > 1_000, $"only {exploration.States} states were met: the bounds leave nothing to explore");
        TestContext.Current.TestOutputHelper?.WriteLine($"{scope}: {exploration.States} states, {exploration.Ended} histories to their end, {exploration.CutOff} cut off");
    }
}
