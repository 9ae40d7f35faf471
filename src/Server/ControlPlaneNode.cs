using ControlPlane.Access;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Peers;
using ControlPlane.Security;
using ControlPlane.Server.Configuration;
using ControlPlane.Server.Hosting;
using ControlPlane.Server.Services;
using ControlPlane.Server.Telemetry;
using ControlPlane.WorkerManager;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Server;

/// <summary>
/// A node of the control plane in this process: its journals, its worker manager and its gRPC services. What it has
/// acknowledged survives whatever ends the process; a fault of a journal ends it at once (fail stop).
/// </summary>
public static class ControlPlaneNode
{
    /// <summary>Puts a node together; nothing is opened or listened on until it is started.</summary>
    /// <param name="options">Checked configuration.</param>
    /// <param name="configure">
    /// For a host that runs more than the node in the process: services, logging, and an <see cref="IProgress{T}"/> of
    /// <see cref="ReplayProgress"/> if it wants to show a long start.
    /// </param>
    /// <exception cref="ConfigurationException">The node would speak plaintext to the network, or its certificate files cannot be used.</exception>
    public static WebApplication Build(NodeOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        ThrowIfUnsafe(options);
        var builder = WebApplication.CreateSlimBuilder();

        // Transitions are logged, calls are not: a line for each call doubles its latency.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => KestrelSetup.Apply(kestrel, options));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = KestrelSetup.ReceiveBytesMax;
            grpc.MaxSendMessageSize = null;
            if (options.Tls is not null)
            {
                grpc.Interceptors.Add<AccessInterceptor>();
            }
        });
        builder.Services.AddGrpcReflection();
        builder.AddTelemetry(options);
        configure?.Invoke(builder);
        AddNode(builder.Services, options);

        var app = builder.Build();
        if (options.WorkerManager)
        {
            app.MapGrpcService<AllocatorService>();
            app.MapGrpcService<WorkerSessionsService>();
            app.MapGrpcService<InspectService>();
        }

        app.MapGrpcService<OperatorService>();
        app.MapGrpcService<JournalService>();
        app.MapGrpcService<Grpc.HealthCheck.HealthServiceImpl>();
        app.MapGrpcReflectionService();
        return app;
    }

    /// <summary>Runs a built node until it is told to stop, or fails. Returns what the process must end with.</summary>
    public static async Task<ExitCode> RunAsync(WebApplication app, CancellationToken cancellation = default)
    {
        var logger = app.Services.GetRequiredService<ILogger<FailStop>>();
        var failStop = app.Services.GetRequiredService<FailStop>();
        await using (app)
        {
            try
            {
                await app.StartAsync(cancellation);
                logger.Serving(AddressOf(app));
                await app.WaitForShutdownAsync(cancellation);
            }
            catch (Exception refusal) when (refusal is JournalRefusedException or StorageFaultException or StateDivergedException or UnknownEntryException)
            {
                logger.CannotStart(refusal.Message);
                return ExitCode.JournalFault;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Told to stop while it still started: what is on disk is what the next start finds.
                return failStop.Code ?? ExitCode.Success;
            }

            return failStop.Code ?? ExitCode.Success;
        }
    }

    /// <summary>Where a started node listens: with the port that the system chose, if it was asked to.</summary>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static void AddNode(IServiceCollection services, NodeOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDisk>(new PhysicalDisk());
        services.AddSingleton(options);
        if (options.Tls is { } tls)
        {
            services.AddSingleton<AccessInterceptor>();
            services.AddSingleton(provider => TlsSettings.Open(
                tls, OwnCertificate.OfNode(options.Name), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TlsSettings>>()));
        }

        if (options.Cluster is { } cluster)
        {
            services.AddSingleton(provider => new NodeCluster(options.Name, new PartitionMap(options.Partitions), cluster, provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IPeerHandler>(provider => provider.GetRequiredService<NodeCluster>().Router);
        }

        services.AddHostedService<TransportNotice>();
        services.AddSingleton<ServingStatus>();
        services.AddSingleton(provider => provider.GetRequiredService<ServingStatus>().Service);
        services.AddSingleton<FailStop>();
        services.AddSingleton<Stopping>();
        services.AddSingleton<NodeLifetime>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeLifetime>());

        // The node belongs to its lifetime: what the container made, it would close a second time.
        services.AddSingleton(provider => NodeOf(provider).Partitions);
        services.AddSingleton(provider => NodeOf(provider).Journals);

        // One instance of each: a service holds no state of a call, and a call creates none.
        services.AddSingleton<AllocatorService>();
        services.AddSingleton<WorkerSessionsService>();
        services.AddSingleton<OperatorService>();
        services.AddSingleton<InspectService>();
        services.AddSingleton<JournalService>();
    }

    /// <summary>Options made in code are held to the same rules as configured ones.</summary>
    private static void ThrowIfUnsafe(NodeOptions options)
    {
        const string Source = "in the program's options";
        var problems = TransportKeys.Dangers(options, options.Tls is not null, _ => Source).ToList();
        problems.AddRange(PartitionDirectories.Check(options));
        if (options.Tls is { } tls)
        {
            problems.AddRange(TlsSettings.Check(tls, OwnCertificate.OfNode(options.Name), TimeProvider.System)
                .Select(problem => new ConfigurationProblem($"Tls:{problem.File}", Source, problem.Wrong, problem.Remedy)));
        }

        if (problems.Count > 0)
        {
            throw new ConfigurationException(problems);
        }
    }

    private static Node NodeOf(IServiceProvider provider) => provider.GetRequiredService<NodeLifetime>().Node;
}
