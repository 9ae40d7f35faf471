using System.Net;
using ControlPlane.Bench.Load;
using ControlPlane.Server;
using ControlPlane.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Bench.Nodes;

/// <summary>The child's side of <see cref="NodeProcess"/>: an ordinary node, with production settings.</summary>
internal static class ServeForBench
{
    /// <summary>The hidden command that the child runs.</summary>
    public const string Command = "serve-for-bench";

    public static async Task<int> RunAsync(string dataDirectory)
    {
        var options = new NodeOptions
        {
            Name = "bench",
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            DataDirectory = dataDirectory,
            SnapshotEveryEntries = 0,
            DrainTimeout = TimeSpan.FromSeconds(5),
            Journals = [],
            OtlpEndpoint = null,
        };
        var app = ControlPlaneNode.Build(options, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSingleton(_ => new DataSync(Path.Combine(dataDirectory, "data-sync-in-call")));
        });
        app.MapGrpcService<SyncedNoOpService>();
        await ServeAsync(app);
        return 0;
    }

    /// <summary>Serves until the parent lets go, or is gone.</summary>
    public static async Task ServeAsync(WebApplication app)
    {
        await app.StartAsync();
        Console.WriteLine(NodeProcess.AddressPrefix + ControlPlaneNode.AddressOf(app));
        await InputEndsAsync();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    // On a thread of its own: a read of the console blocks its thread, also if it is awaited, and on a machine with two cores a worker of
    // the pool that is always blocked is half of the pool.
    private static Task InputEndsAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            while (Console.In.ReadLine() is not null)
            {
            }

            ended.SetResult();
        })
        { IsBackground = true }.Start();
        return ended.Task;
    }
}
