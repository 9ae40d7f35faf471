namespace ControlPlane.Security.Tests.Files;

/// <summary>Every way in which the files can be wrong is found at start, with what to change.</summary>
public sealed class TlsFilesTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void Sound_files_have_no_problem()
    {
        Assert.Empty(Check(_certificates.Node(), OwnCertificate.OfNode("test")));
        Assert.Empty(Check(_certificates.Of(Role.Tenant, "acme"), OwnCertificate.OfCaller));
    }

    [Fact]
    public void Missing_files_are_named_all_at_once()
    {
        var problems = Check(new TlsFiles("/no/such.crt", "/no/such.key", "/no/such.ca"), OwnCertificate.OfCaller);

        Assert.Equal([TlsFile.Certificate, TlsFile.Key, TlsFile.Ca], problems.Select(problem => problem.File).Order());
        Assert.All(problems, problem => Assert.Contains("is not there", problem.Wrong, StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused()
    {
        var (node, other) = (_certificates.Node(), _certificates.Node("other"));

        Found(TlsFile.Key, "is not the key of", Check(node with { Key = other.Key }, OwnCertificate.OfNode("test")));
    }

    [Theory]
    [InlineData("", "holds no private key")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "is encrypted")]
    public void A_key_that_cannot_be_used_is_refused(string pem, string wrong) =>
        Found(TlsFile.Key, wrong, Check(_certificates.Node() with { Key = _certificates.Write("bad.key", pem) }, OwnCertificate.OfNode("test")));

    [Fact]
    public void An_expired_certificate_is_refused() => Found(
        TlsFile.Certificate,
        "has expired on",
        Check(_certificates.Odd(["controlplane://replica/test"], until: TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1)), OwnCertificate.OfNode("test")));

    [Fact]
    public void A_certificate_of_tomorrow_is_refused() => Found(
        TlsFile.Certificate,
        "is not valid before",
        Check(
            _certificates.Odd(["controlplane://replica/test"], from: TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1), until: TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2)),
            OwnCertificate.OfNode("test")));

    [Fact]
    public void A_server_whose_certificate_names_no_host_is_refused() =>
        Found(TlsFile.Certificate, "names no host", Check(_certificates.Of(Role.Replica, "test", hosts: []), OwnCertificate.OfNode("test")));

    [Fact]
    public void A_certificate_of_somebody_else_is_refused()
    {
        Found(TlsFile.Certificate, "is of controlplane://replica/other", Check(_certificates.Node("other"), OwnCertificate.OfNode("test")));
        Found(TlsFile.Certificate, "is of controlplane://worker/test", Check(_certificates.Of(Role.Worker, "test"), OwnCertificate.OfNode("test")));
        Found(TlsFile.Certificate, "does not say who this is", Check(_certificates.Odd([]), OwnCertificate.OfNode("test")));
    }

    [Fact]
    public void An_authority_file_without_a_certificate_is_refused() =>
        Found(TlsFile.Ca, "holds no certificate", Check(_certificates.Node() with { Ca = _certificates.Write("empty.crt", "") }, OwnCertificate.OfNode("test")));

    [Fact]
    public void Opening_throws_everything_that_is_wrong()
    {
        var refused = Assert.Throws<TlsFilesException>(() =>
            TlsSettings.Open(new TlsFiles("/no/such.crt", "/no/such.key", "/no/such.ca"), OwnCertificate.OfCaller, TimeProvider.System));

        Assert.Equal(3, refused.Problems.Count);
        Assert.Contains("Name a PEM file that is", refused.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<TlsFileProblem> Check(TlsFiles files, OwnCertificate own) => TlsSettings.Check(files, own, TimeProvider.System);

    private static void Found(TlsFile file, string wrong, IReadOnlyList<TlsFileProblem> problems)
    {
        var problem = Assert.Single(problems);
        Assert.Equal(file, problem.File);
        Assert.Contains(wrong, problem.Wrong, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Remedy);
    }
}
