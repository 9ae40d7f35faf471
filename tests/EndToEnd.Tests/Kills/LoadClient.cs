using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Verification.Histories;
using Lease = ControlPlane.Protocol.V1.Lease;

namespace ControlPlane.EndToEnd.Tests.Kills;

/// <summary>
/// One client of the load: allocates, invokes, renews, releases, and keeps a few leases. It outlives the process it talks to: what it did not
/// learn before a kill, it asks again afterwards with the same request id.
/// </summary>
internal sealed class LoadClient(Random random)
{
    private const int KeptMax = 2;

    private readonly List<Lease> _kept = [];
    private RequestId? _unanswered;
    private Lease? _leaving;

    /// <summary>Leases whose grant was answered and whose release was not begun.</summary>
    public IReadOnlyList<Lease> Kept => _kept;

    /// <summary>Works until <paramref name="stop"/>, or until the process is gone.</summary>
    public async Task RunAsync(RecordingClient plane, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (await AllocateAsync(plane) is not { } lease || !await UseAsync(plane, lease))
            {
                return;
            }
        }
    }

    /// <summary>Repeats the request and the release whose answers were lost, if there are any.</summary>
    public async Task ResolveAsync(RecordingClient plane)
    {
        if (_leaving is not null)
        {
            // Denied: it was released before the kill, and another client has had the sandbox since.
            Assert.Contains(await plane.ReleaseAsync(_leaving), (OperationOutcome[])[OperationOutcome.Ok, OperationOutcome.Denied]);
            _leaving = null;
        }

        if (_unanswered is not null && await AllocateAsync(plane) is { } lease)
        {
            _kept.Add(lease);
        }
    }

    /// <summary>Gives everything back.</summary>
    public async Task ReleaseAllAsync(RecordingClient plane)
    {
        foreach (var lease in _kept)
        {
            Assert.Equal(OperationOutcome.Ok, await plane.ReleaseAsync(lease));
        }

        _kept.Clear();
    }

    private async Task<Lease?> AllocateAsync(RecordingClient plane)
    {
        _unanswered ??= NewIdentifier.Request();
        var lease = await plane.AllocateAsync(_unanswered.Value);
        _unanswered = lease is null ? _unanswered : null;
        return lease;
    }

    /// <summary>True if there is an answer to everything that was done with it.</summary>
    private async Task<bool> UseAsync(RecordingClient plane, Lease lease)
    {
        if (random.Next(2) == 0 && await plane.InvokeAsync(lease) is not null)
        {
            _kept.Add(lease);
            return false;
        }

        if (random.Next(3) == 0)
        {
            await plane.RenewAsync(lease);
        }

        _kept.Add(lease);
        if (_kept.Count <= KeptMax && random.Next(4) == 0)
        {
            return true;
        }

        do
        {
            _leaving = _kept[random.Next(_kept.Count)];
            _kept.Remove(_leaving);
            if (await plane.ReleaseAsync(_leaving) != OperationOutcome.Ok)
            {
                return false;
            }

            _leaving = null;
        }
        while (_kept.Count > KeptMax);
        return true;
    }
}
