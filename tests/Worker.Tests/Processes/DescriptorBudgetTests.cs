using ControlPlane.Worker.Processes;

namespace ControlPlane.Worker.Tests.Processes;

public sealed class DescriptorBudgetTests
{
    [Theory]
    [InlineData(256, 0, true)]
    [InlineData(256, 1, false)]
    [InlineData(320, 8, true)]
    [InlineData(320, 9, false)]
    [InlineData(long.MaxValue, int.MaxValue, true)]
    public void The_agent_keeps_its_own_and_every_sandbox_needs_eight(long limit, int sandboxes, bool admitted) =>
        Assert.Equal(admitted, new DescriptorBudget(limit).Admits(sandboxes));

    [Fact]
    public void This_process_has_a_limit() => Assert.True(DescriptorBudget.OfThisProcess().Admits(1));
}
