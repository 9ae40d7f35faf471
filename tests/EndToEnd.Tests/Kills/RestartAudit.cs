using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Verification.Histories;
using Lease = ControlPlane.Protocol.V1.Lease;

namespace ControlPlane.EndToEnd.Tests.Kills;

/// <summary>What must be true after a restart, asked of the new process before the load goes on.</summary>
internal sealed class RestartAudit(RecordingClient plane, LeaseHistory history)
{
    /// <summary>Every lease that was acknowledged and not given back is listed with its sandbox and token; the list is recorded, too.</summary>
    public async Task<IReadOnlyList<Lease>> LeasesAreThereAsync(IEnumerable<Lease> kept)
    {
        var listed = await plane.ListAsync();
        var found = listed.ToDictionary(lease => lease.Id.ToPrimitive());
        foreach (var lease in kept)
        {
            Assert.True(found.TryGetValue(lease.Id.ToPrimitive(), out var now), $"{lease.Id.ToPrimitive()} was acknowledged and is gone");
            Assert.Equal((lease.Sandbox, lease.Fence), (now.Sandbox, now.Fence));
        }

        Assert.Equal(listed.Count, listed.Select(lease => lease.Sandbox.ToPrimitive()).Distinct().Count());
        return listed;
    }

    /// <summary>A request that was answered before the kill gets the same lease, marked as a repetition.</summary>
    public async Task RetryGetsTheSameLeaseAsync(Lease lease)
    {
        Assert.True(RequestId.TryRead(lease.RequestId.Span, out var request));
        var again = await plane.AllocateAsync(request);
        Assert.NotNull(again);
        Assert.Equal((lease.Id, lease.Sandbox, lease.Fence, true), (again.Id, again.Sandbox, again.Fence, again.Replayed));
    }

    /// <summary>The gate, whose memory is on disk, runs for the newest token and refuses an older one of the same sandbox; false if there is no older one yet.</summary>
    public async Task<bool> StaleTokenIsRefusedAsync(IReadOnlyList<Lease> held)
    {
        var lives = LeaseLife.Of(history).ToLookup(life => life.Lease.Sandbox);
        foreach (var lease in held)
        {
            var sandbox = lease.Sandbox.ToPrimitive();
            if (lives[sandbox].Where(life => life.Lease.Fence < lease.Fence.ToPrimitive()).MaxBy(life => life.Lease.Fence) is not { } older)
            {
                continue;
            }

            var newest = await plane.InvokeAsync(lease);
            Assert.True(newest is null, $"{lease.Id.ToPrimitive()} is held, but its sandbox {sandbox} does not run for it: {newest?.Status}");
            var stale = lease.Clone();
            stale.Fence = older.Lease.Fence.ToWire();
            var refused = await plane.InvokeAsync(stale);
            Assert.True(refused is not null, $"{sandbox} ran for {older.Lease.Fence} after {lease.Fence.ToPrimitive()}");
            Assert.Equal(ErrorReason.StaleFence, ErrorTable.ReasonOf(refused));
            return true;
        }

        return false;
    }

    /// <summary>The live state has the same hash as one that is rebuilt from the journal up to the same position.</summary>
    public async Task StateEqualsAReplayAsync()
    {
        GetStatusResponse live;
        StateAtResponse? replayed = null;
        await Harness.Eventually.HoldsAsync(
            async () =>
            {
                live = await plane.Operator.GetStatusAsync(new GetStatusRequest(), RecordingClient.Patience());
                replayed = await plane.Inspect.StateAtAsync(new StateAtRequest { Position = live.Committed }, RecordingClient.Patience());
                var after = await plane.Operator.GetStatusAsync(new GetStatusRequest(), RecordingClient.Patience());

                // Compared only if nothing was journaled meanwhile: a worker that comes back writes entries, too.
                if (after.Committed != live.Committed)
                {
                    return false;
                }

                Assert.Equal((live.Committed, live.StateHash, live.Leases), (replayed.Position, replayed.StateHash, replayed.LeaseCount));
                return true;
            },
            () => $"the journal rests; it was last seen at {replayed?.Position}");
    }
}
