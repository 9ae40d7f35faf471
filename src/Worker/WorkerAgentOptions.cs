using ControlPlane.Security;

namespace ControlPlane.Worker;

/// <summary>Everything that an operator decides about a worker. Checked by <see cref="WorkerAgentOptionsValidator"/> before anything starts.</summary>
public sealed class WorkerAgentOptions
{
    /// <summary>Stable over restarts, unique among the workers of a plane; a well-formed name.</summary>
    public string Name { get; set; } = "worker-1";

    /// <summary>Where the worker stands; a well-formed name.</summary>
    public string Zone { get; set; } = "local";

    /// <summary>For placement; at most 32.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Memory for sandboxes, in MiB.</summary>
    public int CapacityMemoryMib { get; set; } = 4096;

    /// <summary>Most sandboxes at once.</summary>
    public int CapacitySandboxes { get; set; } = 64;

    /// <summary>
    /// The worker's certificate (<c>controlplane://worker/NAME</c>), its key, and whom it trusts; null: plaintext, on this machine only. With
    /// it the worker dials the plane over mutual TLS, and the gate lets in tenants in their own name, and operators.
    /// </summary>
    public TlsFiles? Tls { get; set; }

    /// <summary>Lets a worker without TLS serve and dial beyond this machine: whoever can reach the gate may invoke as anybody.</summary>
    public bool DangerouslyServePlaintextToTheNetwork { get; set; }

    /// <summary>Where the gate listens when the worker runs alone: an address and a port, without TLS on loopback; port 0 takes a free one.</summary>
    public string GateListen { get; set; } = "127.0.0.1:7071";

    /// <summary>What callers are told to dial; null for the address on which the gate (or the process that maps it) listens.</summary>
    public string? AdvertisedEndpoint { get; set; }

    /// <summary>Holds what survives a restart of the agent, and the sandboxes' logs. One agent at a time.</summary>
    public string DataDirectory { get; set; } = "data/worker";

    /// <summary>Addresses of the plane's nodes, tried in turn, such as "http://127.0.0.1:7070"; with TLS https.</summary>
    public IList<string> PlaneAddresses { get; } = [];

    /// <summary>How long an invocation whose token is newer than what the plane has pushed waits for that push.</summary>
    public TimeSpan GrantWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Invocations that may wait for one sandbox; one more is refused with OVERLOADED.</summary>
    public int InvokeQueueMax { get; set; } = 16;

    /// <summary>Limits of each sandbox.</summary>
    public SandboxOptions Sandbox { get; } = new();
}
