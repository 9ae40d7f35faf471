using ControlPlane.Protocol.V1;
using Grpc.Core;
using LeaseId = ControlPlane.Primitives.LeaseId;
using SandboxId = ControlPlane.Primitives.SandboxId;

namespace ControlPlane.Client;

/// <summary>
/// A lease that is held: the exclusive right to one sandbox until <see cref="TimeLeft"/> is used up. The grant was durable
/// before this object existed, and the gate refuses its token once a newer one is known, so a handle that outlives its
/// lease is harmless. Disposing it gives the lease back.
/// </summary>
/// <remarks>
/// Time is counted from <em>sending</em> the request (or the renewal), which is never later than the plane counts. A handle got
/// by repeating a request id of an earlier process cannot know when that one sent it: renew it before relying on
/// <see cref="TimeLeft"/>. Thread-safe; invocations of one lease run one after another at the gate.
/// </remarks>
public sealed class LeaseHandle : IAsyncDisposable
{
    private readonly ControlPlaneClient _client;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private long _sentAt;
    private TimeSpan _ttl;
    private bool _ended;

    internal LeaseHandle(ControlPlaneClient client, Lease lease, long sentAt, TimeProvider clock)
    {
        _client = client;
        _clock = clock;
        _sentAt = sentAt;
        _ttl = TimeSpan.FromMilliseconds(lease.TtlMs);
        Lease = lease;
    }

    /// <summary>The lease as it was answered; do not change it.</summary>
    public Lease Lease { get; }

    /// <summary>Its name for ever.</summary>
    public LeaseId Id => Lease.Id.ToPrimitive();

    /// <summary>The sandbox.</summary>
    public SandboxId Sandbox => Lease.Sandbox.ToPrimitive();

    /// <summary>What is shown to the gate.</summary>
    public Primitives.FencingToken Fence => Lease.Fence.ToPrimitive();

    /// <summary>Whoever has this and the tenant's name can use, renew and release the lease.</summary>
    public LeaseRef Reference => new() { Id = Lease.Id, Fence = Lease.Fence };

    /// <summary>How long the holder may still use the sandbox; zero once released or expired.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            lock (_lock)
            {
                var left = _ttl - _clock.GetElapsedTime(_sentAt);
                return _ended || left < TimeSpan.Zero ? TimeSpan.Zero : left;
            }
        }
    }

    /// <summary>Why the lease could not be given back on disposal; null if it was, or if nothing was to give back.</summary>
    public ControlPlaneException? ReleaseFailure { get; private set; }

    /// <summary>
    /// Runs one invocation in the sandbox and answers what the function answered. Never delivered twice: if the answer is lost
    /// the outcome is <see cref="CallOutcome.Unknown"/>, and it is the caller who knows whether to repeat it.
    /// </summary>
    /// <param name="payload">At most 6 MiB, handed over as it is.</param>
    /// <param name="deadline">Null = what is left of the lease.</param>
    /// <param name="cancellation">Ends the waiting; the function may still run.</param>
    public async Task<InvokeResponse> InvokeAsync(
        ReadOnlyMemory<byte> payload, TimeSpan? deadline = null, CancellationToken cancellation = default)
    {
        var left = TimeLeft;
        if (left == TimeSpan.Zero)
        {
            throw new ControlPlaneException(
                CallOutcome.Refused, StatusCode.FailedPrecondition, ErrorReason.LeaseEnded, $"lease {Id} has expired or was released; it was not used");
        }

        return await _client.InvokeAsync(Lease, payload, deadline ?? left, cancellation).ConfigureAwait(false);
    }

    /// <summary>Extends the lease; <see cref="TimeLeft"/> then counts from the start of this call.</summary>
    /// <param name="ttl">The new time to live; null = as before.</param>
    /// <param name="cancellation">Ends the waiting; the renewal may still happen.</param>
    public async Task RenewAsync(TimeSpan? ttl = null, CancellationToken cancellation = default)
    {
        var sentAt = _clock.GetTimestamp();
        var item = new RenewRequest.Types.Item { Lease = Reference, TtlMs = (long)(ttl ?? TimeSpan.Zero).TotalMilliseconds };
        var renewed = await _client.RenewAsync(item, cancellation).ConfigureAwait(false);
        lock (_lock)
        {
            _sentAt = sentAt;
            _ttl = TimeSpan.FromMilliseconds(renewed.TtlMs);
        }
    }

    /// <summary>Gives the lease back; the sandbox is free for others when this returns. Repeating it is harmless.</summary>
    public async Task ReleaseAsync(CancellationToken cancellation = default)
    {
        await _client.ReleaseAsync(Reference, cancellation).ConfigureAwait(false);
        lock (_lock)
        {
            _ended = true;
        }
    }

    /// <summary>
    /// Releases the lease if it is still held. Does not throw when that fails, so that it cannot hide the exception of the block it
    /// ends: the lease then ends by its time to live, and <see cref="ReleaseFailure"/> tells why.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (TimeLeft == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await ReleaseAsync().ConfigureAwait(false);
        }
        catch (ControlPlaneException failure)
        {
            ReleaseFailure = failure;
        }
    }
}
