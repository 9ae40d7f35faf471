namespace ControlPlane.Primitives.Tests.Leases;

public sealed class IdentifierTests
{
    [Fact]
    public void Lease_and_sandbox_ids_read_back_what_they_show()
    {
        var lease = new LeaseId(new PartitionId(3), new SequenceNumber(77));
        Assert.Equal("L3-77", lease.ToString());
        Assert.True(LeaseId.TryParse("L3-77", out var lease2));
        Assert.Equal(lease, lease2);
        Assert.True(SandboxId.TryParse("S0-1", out var sandbox));
        Assert.Equal(new SandboxId(default, SequenceNumber.First), sandbox);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("L")]
    [InlineData("L-1")]
    [InlineData("L1-")]
    [InlineData("S1-1")]
    [InlineData("L1-1-1")]
    [InlineData("L1- 1")]
    [InlineData("L4294967296-1")]
    public void Anything_else_is_no_lease_id(string? text) => Assert.False(LeaseId.TryParse(text, out _));

    [Fact]
    public void Sixteen_byte_ids_are_big_endian()
    {
        Assert.True(RequestId.TryRead([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], out var id));
        Assert.Equal("000102030405060708090a0b0c0d0e0f", id.ToString());
        Assert.True(RequestId.TryParse("00010203-0405-0607-0809-0a0b0c0d0e0f", out var parsed));
        Assert.Equal(id, parsed);
        Assert.Equal(id.ToByteArray(), parsed.ToByteArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    public void Other_lengths_are_no_id(int length) => Assert.False(RequestId.TryRead(new byte[length], out _));

    [Theory]
    [InlineData("a", true)]
    [InlineData("Team-1_x.y", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a/b", false)]
    public void Names_keep_their_rule(string text, bool wellFormed) => Assert.Equal(wellFormed, TenantName.TryCreate(text, out _));

    [Fact]
    public void A_name_of_65_characters_is_too_long()
    {
        Assert.True(FunctionName.TryCreate(new string('a', Name.LengthMax), out _));
        Assert.False(FunctionName.TryCreate(new string('a', Name.LengthMax + 1), out _));
    }

    [Fact]
    public void Fencing_tokens_are_ordered_by_position()
    {
        var low = new FencingToken(new Epoch(1), new SequenceNumber(5));
        var high = new FencingToken(new Epoch(2), new SequenceNumber(6));
        Assert.True(low < high);
        Assert.True(FencingToken.None < low);
        Assert.Equal("2.6", high.ToString());
    }
}
