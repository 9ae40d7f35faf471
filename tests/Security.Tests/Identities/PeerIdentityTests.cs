namespace ControlPlane.Security.Tests.Identities;

public sealed class PeerIdentityTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Theory]
    [InlineData("controlplane://tenant/acme", Role.Tenant, "acme")]
    [InlineData("controlplane://worker/w1", Role.Worker, "w1")]
    [InlineData("controlplane://operator/a.b_c-d", Role.Operator, "a.b_c-d")]
    [InlineData("controlplane://replica/node-1", Role.Replica, "node-1")]
    [InlineData("controlplane://journal/orders", Role.Journal, "orders")]
    public void A_uri_says_role_and_name_and_is_written_as_it_was_read(string uri, Role role, string name)
    {
        var identity = PeerIdentity.Parse(uri);

        Assert.Equal(new PeerIdentity(role, name), identity);
        Assert.Equal(uri, identity!.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("controlplane://")]
    [InlineData("controlplane://tenant")]
    [InlineData("controlplane://tenant/")]
    [InlineData("controlplane:///acme")]
    [InlineData("controlplane:tenant/acme")]
    [InlineData("controlplane://admin/acme")]
    [InlineData("controlplane://Tenant/acme")]
    [InlineData("CONTROLPLANE://tenant/acme")]
    [InlineData("controlplane://tenant/acme/")]
    [InlineData("controlplane://tenant/acme?x=1")]
    [InlineData("controlplane://tenant/acme#x")]
    [InlineData("controlplane://tenant:7070/acme")]
    [InlineData("controlplane://tenant/a%63me")]
    [InlineData("controlplane://tenant/.hidden")]
    [InlineData("controlplane://tenant/two words")]
    [InlineData(" controlplane://tenant/acme")]
    [InlineData("controlplane://0/acme")]
    [InlineData("spiffe://tenant/acme")]
    public void Anything_but_the_written_form_is_no_identity(string? uri) => Assert.Null(PeerIdentity.Parse(uri));

    [Fact]
    public void A_name_of_more_than_64_characters_is_no_identity() => Assert.Null(PeerIdentity.Parse("controlplane://tenant/" + new string('a', 65)));

    [Fact]
    public void A_certificate_with_one_identity_has_it_whatever_else_it_names()
    {
        var certificate = TestCertificates.Load(_certificates.Odd(["spiffe://mesh/ns/acme", "controlplane://tenant/acme"], ["localhost", "127.0.0.1", "::1"]));

        Assert.Equal(new PeerIdentity(Role.Tenant, "acme"), PeerIdentity.Read(certificate, out _));
        Assert.Equal(["localhost", "127.0.0.1", "::1"], SubjectNames.Of(certificate)!.Hosts);
    }

    [Theory]
    [InlineData("it has no URI")]
    [InlineData("it has no URI", "spiffe://mesh/acme")]
    [InlineData("it has 2 identities", "controlplane://tenant/a", "controlplane://tenant/b")]
    [InlineData("it has 2 identities", "controlplane://tenant/a", "controlplane://tenant/a")]
    [InlineData("it has 2 identities", "controlplane://tenant/a", "controlplane://admin/b")]
    [InlineData("is not of the form", "controlplane://admin/a")]
    public void A_certificate_with_none_two_or_a_malformed_one_has_no_identity(string why, params string[] identities)
    {
        var certificate = TestCertificates.Load(_certificates.Odd(identities, hosts: []));

        Assert.Null(PeerIdentity.Read(certificate, out var said));
        Assert.StartsWith(why, said.Replace("its identity 'controlplane://admin/a' ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
