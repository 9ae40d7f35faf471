namespace ControlPlane.WorkerManager.Tests.Scenarios;

/// <summary>Recounts what the state derives, without using its indexes.</summary>
internal static class Tables
{
    public static void CheckConsistency(PartitionState state)
    {
        var leases = state.HeldLeases(default).ToArray();
        Assert.Equal(leases.Length, state.LeaseCount);
        Assert.Equal(leases.Length, leases.Select(lease => lease.Sandbox).Distinct().Count());
        foreach (var tenant in leases.Select(lease => lease.Tenant).Distinct())
        {
            Assert.True(state.TryGetTenantUse(tenant, out _, out var inUse));
            Assert.True(inUse >= leases.Count(lease => lease.Tenant == tenant), "every held lease counts for its tenant");
        }

        foreach (var function in state.Functions(allVersions: true))
        {
            Assert.Equal(function.Leases, leases.Count(lease => lease.Function == function.Definition.Name && lease.FunctionVersion == function.Version));
        }

        foreach (var worker in state.Workers())
        {
            Assert.Equal(worker.Leases, leases.Count(lease => lease.Worker == worker.Name));
            Assert.True(worker.Sandboxes <= Limits.SandboxesPerWorkerMax);
        }
    }
}
