using System.Net.Security;

namespace ControlPlane.Runtime.Registers;

/// <summary>Where the <c>etcd</c> register is.</summary>
public sealed record EtcdRegisterOptions
{
    /// <summary>The members' client addresses, <c>http://</c> or <c>https://</c>; at least one.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>The cluster's name, a part of the key.</summary>
    public required string Cluster { get; init; }

    /// <summary>The journal's name, a part of the key.</summary>
    public required string Journal { get; init; }

    /// <summary>How long one request may take, connecting included. A read asks every member once before it gives up.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>For <c>https://</c>: certificates and how to judge the members'. Null: the system's defaults.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The key: <c>/controlplane/&lt;cluster&gt;/&lt;journal&gt;/config</c>.</summary>
    /// <exception cref="ArgumentException">A name is empty or holds a slash.</exception>
    public string Key => $"/controlplane/{Part(Cluster)}/{Part(Journal)}/config";

    private static string Part(string name) =>
        name.Length > 0 && !name.Contains('/', StringComparison.Ordinal) ? name : throw new ArgumentException($"'{name}' cannot be a part of the register's key: it must not be empty or hold a slash.");
}
