using ControlPlane.Security;

namespace ControlPlane.Client;

/// <summary>How a <see cref="ControlPlaneClient"/> behaves. The defaults suit a service that calls a plane on the same network.</summary>
public sealed record ControlPlaneClientOptions
{
    /// <summary>Nodes to ask, for instance <c>https://10.0.0.7:7070</c>; at least one. Any node names the leader.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>
    /// This program's certificate, its key, and the authorities it trusts; null: no certificate. With it every node and gate is dialled over
    /// mutual TLS and must be a node or a worker by its own certificate, and plaintext addresses are refused. Files that change are
    /// taken in for new connections, within seconds.
    /// </summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Who asks and pays. With <see cref="Tls"/>, a tenant's certificate must be of this name.</summary>
    public string Tenant { get; init; } = "default";

    /// <summary>
    /// Longest time from calling until an answer or an exception, all attempts and waits included; calls that may wait for a
    /// sandbox get their <see cref="Allocation.MaxWait"/> on top.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How attempts are repeated within the deadline.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>How long a stream (watch, tail) keeps dialling without a message before it throws.</summary>
    public TimeSpan ReconnectWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Time for deadlines, waits and leases.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
