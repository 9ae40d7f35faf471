using ControlPlane.Access;
using ControlPlane.Security;
using ControlPlane.Worker.Gate;
using ControlPlane.Worker.RuntimeApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker;

/// <summary>How a host takes in a worker.</summary>
public static class WorkerHosting
{
    /// <summary>
    /// Adds the worker agent as a hosted service; <see cref="MapGate"/> must be called on the application that is built. The
    /// data directory is taken when the host starts. With <see cref="WorkerAgentOptions.Tls"/> the host must listen through
    /// <see cref="TlsListening.UseTls"/>, as <see cref="WorkerHost"/> does: calls that come in elsewhere are refused.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">With every problem of the options, as sentences.</exception>
    public static IServiceCollection AddWorkerAgent(this IServiceCollection services, WorkerAgentOptions options)
    {
        WorkerAgentOptionsValidator.ThrowIfInvalid(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton(options);
        if (options.Tls is { } tls)
        {
            services.AddSingleton<AccessInterceptor>();
            services.AddSingleton(provider => TlsSettings.Open(
                tls, OwnCertificate.OfWorker(options.Name), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TlsSettings>>()));
        }

        services.AddSingleton<WorkerAgent>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkerAgent>());
        services.AddGrpc().AddServiceOptions<GateService>(service =>
        {
            service.MaxReceiveMessageSize = RuntimeApiApplication.PayloadBytesMax + EnvelopeBytesMax;
            service.MaxSendMessageSize = RuntimeApiApplication.PayloadBytesMax + EnvelopeBytesMax;
            if (options.Tls is not null)
            {
                service.Interceptors.Add<AccessInterceptor>();
            }
        });
        return services;
    }

    /// <summary>Serves the gate on the host's addresses; callers speak HTTP/2 to it.</summary>
    public static IEndpointConventionBuilder MapGate(this IEndpointRouteBuilder endpoints) => endpoints.MapGrpcService<GateService>();

    /// <summary>Room for the other fields of a message, so that a payload of the full size fits.</summary>
    private const int EnvelopeBytesMax = 64 * 1024;
}
