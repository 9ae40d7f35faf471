namespace ControlPlane.Primitives.Tests.Leases;

public sealed class PartitionMapTests
{
    /// <summary>Computed with `sha256sum`: journals hold leases where these say.</summary>
    [Theory]
    [InlineData("echo-sh", 4, 0)]
    [InlineData("echo-sh", 64, 12)]
    [InlineData("echo-node", 64, 12)]
    [InlineData("function-1", 4, 1)]
    [InlineData("function-2", 4, 0)]
    [InlineData("function-5", 4, 3)]
    [InlineData("function-42", 4, 1)]
    [InlineData("function-42", 5, 1)]
    [InlineData("function-100", 4, 3)]
    [InlineData("function-100", 1, 0)]
    public void A_function_belongs_to_the_same_partition_for_ever(string function, int count, uint partition) =>
        Assert.Equal(new PartitionId(partition), new PartitionMap(count).Of(FunctionName.Create(function)));

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(64)]
    public void Functions_are_spread_over_all_partitions(int count)
    {
        var map = new PartitionMap(count);

        var sizes = Functions(20_000).GroupBy(map.Of).ToDictionary(partition => partition.Key, partition => partition.Count());

        Assert.Equal(map.All, sizes.Keys.OrderBy(partition => partition.Value));
        Assert.All(sizes.Values, size => Assert.InRange(size, 20_000 / count * 0.7, 20_000 / count * 1.3));
    }

    [Fact]
    public void Twice_as_many_partitions_divide_each_in_two()
    {
        var (few, many) = (new PartitionMap(8), new PartitionMap(16));

        Assert.All(Functions(5_000), function => Assert.Equal(few.Of(function).Value, many.Of(function).Value / 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65)]
    public void There_are_1_to_64(int count) => Assert.Throws<ArgumentOutOfRangeException>(() => new PartitionMap(count));

    private static IEnumerable<FunctionName> Functions(int count) => Enumerable.Range(0, count).Select(i => FunctionName.Create($"f{i}"));
}
