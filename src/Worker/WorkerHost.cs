using System.Net;
using ControlPlane.Access;
using ControlPlane.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker;

/// <summary>A worker in a process of its own.</summary>
public static class WorkerHost
{
    /// <summary>
    /// A host that, once started, serves the gate at <see cref="WorkerAgentOptions.GateListen"/> and works for the plane.
    /// Logging may still be configured through <paramref name="configure"/>.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">With every problem of the options, as sentences.</exception>
    public static WebApplication Build(WorkerAgentOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();

        // Transitions are logged, invocations are not: a line for each doubles its latency.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        builder.Services.AddWorkerAgent(options);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPEndPoint.Parse(options.GateListen), listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (options.Tls is not null)
            {
                listen.UseTls(kestrel.ApplicationServices.GetRequiredService<TlsSettings>(), ExpectedPeer.Anybody);
            }
        }));
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapGate();
        return app;
    }
}
