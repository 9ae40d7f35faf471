using ControlPlane.Server;
using ControlPlane.Server.Configuration;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Bench.Nodes;

/// <summary>A node configured by a file, as <c>cpctl serve --config</c> runs it, but one that ends with its parent.</summary>
internal static class ServeReplicaForBench
{
    /// <summary>The hidden command that the child runs.</summary>
    public const string Command = "serve-replica-for-bench";

    public static async Task<int> RunAsync(string configuration)
    {
        await ServeForBench.ServeAsync(ControlPlaneNode.Build(
            NodeConfiguration.Load(configuration), builder => builder.Logging.SetMinimumLevel(LogLevel.Error)));
        return 0;
    }
}
