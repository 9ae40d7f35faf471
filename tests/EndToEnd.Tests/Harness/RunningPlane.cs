using ControlPlane.Client;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>One plane for all tests that leave it as they found it: started once, with the echo function deployed.</summary>
public sealed class RunningPlane(TestRun run) : IAsyncLifetime
{
    private readonly PlaneProcess _plane = new(run.NewDirectory("plane"));

    internal PlaneProcess Plane => _plane;

    internal string Address => _plane.Address;

    internal ControlPlaneClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await _plane.StartAsync();

        // Until it has deployed its own examples: a function of the same name, deployed meanwhile, would be replaced under a test.
        await Eventually.HoldsAsync(() => _plane.Said.Contains("Serving until", StringComparison.Ordinal), () => $"the start is over; it said:\n{_plane.Said}");
        Client = _plane.NewClient();
        await _plane.DeployAsync(Client, warm: 2);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _plane.DisposeAsync();
    }

    /// <summary>The tests that share it run one after another.</summary>
    [CollectionDefinition(Name)]
    public sealed class ForAll : ICollectionFixture<RunningPlane>
    {
        public const string Name = "a running plane";
    }
}
