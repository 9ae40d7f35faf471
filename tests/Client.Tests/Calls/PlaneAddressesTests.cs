namespace ControlPlane.Client.Tests;

public sealed class PlaneAddressesTests
{
    private const string A = "http://a:1";
    private const string B = "http://b:1";
    private const string Leader = "http://leader:1";

    [Fact]
    public void A_failed_node_is_left_for_the_next_in_turn()
    {
        var addresses = new PlaneAddresses([A, B]);
        addresses.MoveOn(A);
        Assert.Equal(B, addresses.Current);
        addresses.MoveOn(B);
        Assert.Equal(A, addresses.Current);
    }

    [Fact]
    public void A_failure_of_a_node_that_was_left_already_changes_nothing()
    {
        var addresses = new PlaneAddresses([A, B]);
        addresses.MoveOn(A);
        addresses.MoveOn(A);
        Assert.Equal(B, addresses.Current);
    }

    [Fact]
    public void A_failed_leader_is_left_for_the_configured_nodes()
    {
        var addresses = new PlaneAddresses([A, B]);
        Assert.True(addresses.Follow(A, Leader));
        addresses.MoveOn(Leader);
        Assert.Equal(A, addresses.Current);
    }

    [Fact]
    public void Nodes_that_name_each_other_are_not_asked_without_a_wait()
    {
        var addresses = new PlaneAddresses([A]);
        Assert.True(addresses.Follow(A, B));
        Assert.False(addresses.Follow(B, A));
        Assert.Equal(A, addresses.Current);
    }

    [Theory]
    [InlineData("leader")]
    [InlineData("ftp://leader:1")]
    [InlineData("http://:")]
    public void A_hint_that_is_no_address_is_ignored(string hint)
    {
        var addresses = new PlaneAddresses([A]);
        Assert.False(addresses.Follow(A, hint));
        Assert.Equal(A, addresses.Current);
    }
}
