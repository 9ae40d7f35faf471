using CsCheck;

namespace ControlPlane.Cpctl.Tests;

public sealed class ArgumentTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("30s", 30_000)]
    [InlineData("1.5m", 90_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("0", 0)]
    public void A_duration_has_a_unit(string text, double milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.Value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1e3s")]
    [InlineData("NaNs")]
    [InlineData("24.1h")]
    public void What_is_not_a_duration_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void A_printed_duration_reads_back_within_its_precision() => Gen.Long[0, 86_400_000].Sample(milliseconds =>
    {
        Assert.True(Duration.TryParse(Duration.FromMilliseconds(milliseconds).ToString(), out var back));
        Assert.InRange(back.Value.TotalMilliseconds, (milliseconds * 0.97) - 60, (milliseconds * 1.03) + 60);
    });

    [Fact]
    public void A_printed_lease_reference_reads_back() => Gen.Select(Gen.UInt, Gen.ULong, Gen.ULong).Sample((partition, position, epoch) =>
    {
        var text = $"L{partition}-{position}@{epoch}";
        Assert.True(LeaseReference.TryParse(text, out var reference));
        Assert.Equal(text, reference.ToString());
        Assert.Equal(reference.Id.Position, reference.Fence.Position);
    });

    [Theory]
    [InlineData("L0-5")]
    [InlineData("L0-5@")]
    [InlineData("S0-5@1")]
    [InlineData("L0-5@-1")]
    [InlineData("L0-5@1@2")]
    public void What_is_not_a_lease_reference_is_refused(string text) => Assert.False(LeaseReference.TryParse(text, out _));

    [Fact]
    public async Task A_payload_is_text_a_file_or_the_input_byte_for_byte()
    {
        var cancellation = TestContext.Current.CancellationToken;
        byte[] bytes = [0, 255, 13, 10, 0];
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, bytes, cancellation);
            Assert.Equal("héllo"u8.ToArray(), await Payload.ReadAsync("héllo", Stream.Null, cancellation));
            Assert.Equal(bytes, await Payload.ReadAsync("@" + file, Stream.Null, cancellation));
            Assert.Equal(bytes, await Payload.ReadAsync("-", new MemoryStream(bytes), cancellation));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("gpu=yes", 1)]
    [InlineData("gpu=yes,zone=a=b", 2)]
    [InlineData("gpu=", 1)]
    public void Labels_are_pairs(string text, int count)
    {
        Assert.True(Labels.TryParse(text, out var labels));
        Assert.Equal(count, labels.Count);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("=yes")]
    [InlineData("gpu=yes,gpu=no")]
    public void What_is_not_pairs_is_refused(string text) => Assert.False(Labels.TryParse(text, out _));
}
