using ControlPlane.Worker.Session;

namespace ControlPlane.Worker.Tests.Session;

public sealed class PartitionShareTests
{
    [Theory]
    [InlineData(64, 4_096, 1)]
    [InlineData(64, 4_096, 4)]
    [InlineData(10, 1_000, 3)]
    [InlineData(100, 7, 64)]
    [InlineData(2, 4_096, 64)]
    [InlineData(1, 1, 64)]
    public void The_shares_are_even_and_add_up_to_the_capacity(int sandboxes, int memory, int partitions)
    {
        var shares = PartitionShare.Divide(Options("worker-1", sandboxes, memory), partitions);

        Assert.Equal(Enumerable.Range(0, partitions), shares.Select(share => (int)share.Partition.Value));
        Assert.All(shares, share => Assert.Equal(partitions, share.Count));
        Assert.Equal((sandboxes, memory), (shares.Sum(share => share.Sandboxes), shares.Sum(share => share.MemoryMib)));
        Assert.InRange(shares.Max(share => share.Sandboxes) - shares.Min(share => share.Sandboxes), 0, 1);
        Assert.InRange(shares.Max(share => share.MemoryMib) - shares.Min(share => share.MemoryMib), 0, 1);
        Assert.Equal(Math.Min(partitions, Math.Min(sandboxes, memory)), shares.Count(share => share.IsUsable));
    }

    [Fact]
    public void A_fleet_of_workers_for_one_sandbox_serves_every_partition()
    {
        var served = Enumerable.Range(0, 500).Select(i => Assert.Single(PartitionShare.Divide(Options($"worker-{i}", 1, 256), 16), share => share.IsUsable).Partition);

        Assert.Equal(16, served.Distinct().Count());
    }

    private static WorkerAgentOptions Options(string name, int sandboxes, int memory) =>
        new() { Name = name, CapacitySandboxes = sandboxes, CapacityMemoryMib = memory };
}
