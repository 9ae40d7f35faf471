using ControlPlane.JournalInspector.Stats;
using CsCheck;

namespace ControlPlane.JournalInspector.Tests.Stats;

public sealed class SizeHistogramTests
{
    [Fact]
    public void A_percentile_is_the_value_at_its_rank() =>
        Gen.Select(Gen.Int[1, 300].Array[1, 50], Gen.Int[1, 100]).Sample((sizes, percent) =>
        {
            var histogram = new SizeHistogram();
            foreach (var size in sizes)
            {
                histogram.Add(size);
            }

            var rank = (int)Math.Ceiling(percent / 100.0 * sizes.Length);
            Assert.Equal(sizes.Order().ElementAt(rank - 1), histogram.Percentile(percent / 100.0));
            Assert.Equal((sizes.Length, sizes.Sum(), sizes.Max()), (histogram.Count, histogram.Sum, histogram.Max));
        });

    [Fact]
    public void Nothing_counted_has_percentile_zero() => Assert.Equal(0, new SizeHistogram().Percentile(0.99));
}
