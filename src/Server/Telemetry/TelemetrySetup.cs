using ControlPlane.Server.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace ControlPlane.Server.Telemetry;

/// <summary>Sends the metrics of all parts to a collector, if one is configured; otherwise nothing is gathered.</summary>
internal static class TelemetrySetup
{
    /// <summary>What the names of all our meters begin with.</summary>
    public const string MeterPrefix = "ControlPlane.";

    /// <summary>Adds the exporter.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, NodeOptions options)
    {
        if (options.OtlpEndpoint is { } endpoint)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
                .AddMeter(MeterPrefix + "*")
                .AddOtlpExporter(exporter =>
                {
                    exporter.Endpoint = endpoint;
                    exporter.Protocol = OtlpExportProtocol.Grpc;
                }));
        }
    }
}
