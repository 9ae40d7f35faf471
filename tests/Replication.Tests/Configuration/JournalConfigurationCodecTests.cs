using System.Text;
using ControlPlane.Primitives;
using ControlPlane.Replication.Configuration;
using static ControlPlane.Replication.Tests.Journals;

namespace ControlPlane.Replication.Tests.Configuration;

public sealed class JournalConfigurationCodecTests
{
    private static readonly JournalConfiguration Example = JournalConfiguration.Create(Id)
        .Succeed(SequenceNumber.None, ChainHash.Genesis(Id), new Epoch(1), One, [One, Two])
        .Succeed(new SequenceNumber(9), new ChainHash(0xABC), new Epoch(2), Two, [Two]);

    [Fact]
    public void What_is_encoded_comes_back()
    {
        var decoded = JournalConfigurationCodec.Decode(JournalConfigurationCodec.Encode(Example));
        Assert.Equal(Example.Journal, decoded.Journal);
        Assert.Equal(Example.Head, decoded.Head);
        Assert.Equal(Example.Epochs.Count, decoded.Epochs.Count);
        foreach (var (expected, actual) in Example.Epochs.Zip(decoded.Epochs))
        {
            Assert.Equal(expected.Replicas, actual.Replicas);
            Assert.Equal(expected with { Replicas = [] }, actual with { Replicas = [] });
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"format":1,"journal":"x","head":1,"epochs":[]}""")]
    public void Anything_else_is_refused(string json) =>
        Assert.Throws<FormatException>(() => JournalConfigurationCodec.Decode(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_newer_format_is_refused_with_advice()
    {
        var newer = Encoding.UTF8.GetString(JournalConfigurationCodec.Encode(Example)).Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal);
        var refused = Assert.Throws<FormatException>(() => JournalConfigurationCodec.Decode(Encoding.UTF8.GetBytes(newer)));
        Assert.Contains("newer", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reigns_that_a_snapshot_covers_are_forgotten()
    {
        Assert.Equal([new Epoch(1), new Epoch(2)], Example.Forget(new SequenceNumber(8)).Epochs.Select(e => e.Epoch));
        Assert.Equal([new Epoch(2)], Example.Forget(new SequenceNumber(9)).Epochs.Select(e => e.Epoch));
    }

    [Fact]
    public void A_value_with_the_most_reigns_fits_the_register()
    {
        var epochs = Enumerable.Range(1, JournalConfiguration.EpochsMax).Select(n => new EpochRecord(
            new Epoch(ulong.MaxValue - (ulong)n), new SequenceNumber(ulong.MaxValue - 1), new ChainHash(UInt128.MaxValue), One, [One],
            new SequenceNumber(ulong.MaxValue), new ChainHash(UInt128.MaxValue)));
        var bytes = JournalConfigurationCodec.Encode(Example with { Epochs = [.. epochs] });
        Assert.InRange(bytes.Length, 1, JournalConfigurationCodec.EncodedBytesMax);
    }
}
