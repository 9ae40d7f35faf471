using Microsoft.Extensions.Time.Testing;

namespace ControlPlane.Security.Tests.Files;

public sealed class ReloadTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestCertificates _certificates = new(Now);
    private readonly FakeTimeProvider _time = new(Now);
    private readonly TestLog _log = new();
    private readonly TlsFiles _files;
    private readonly TlsSettings _tls;
    private readonly string _first;

    public ReloadTests()
    {
        _files = _certificates.Node();
        _tls = TlsSettings.Open(_files, OwnCertificate.OfNode("test"), _time, _log);
        _first = _tls.Current.Certificate.SerialNumber;
    }

    public void Dispose()
    {
        _tls.Dispose();
        _certificates.Dispose();
    }

    [Fact]
    public void Files_that_stay_the_same_are_not_taken_in_again()
    {
        Looks(10);

        Assert.Equal(_first, _tls.Current.Certificate.SerialNumber);
        Assert.Single(_log.Transitions);
    }

    [Fact]
    public void New_files_are_taken_in_once_two_looks_have_seen_the_same()
    {
        _certificates.Node();
        Looks(1);
        Assert.Equal(_first, _tls.Current.Certificate.SerialNumber);

        Looks(1);
        Assert.NotEqual(_first, _tls.Current.Certificate.SerialNumber);
        Assert.Equal(2, _log.Transitions.Count);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void A_new_list_of_authorities_is_taken_in()
    {
        using var other = CertificateAuthority.Create("other", Now, TimeSpan.FromDays(1));
        _certificates.Write("ca.crt", _certificates.Authority.CertificatePem() + other.CertificatePem());

        Looks(2);

        Assert.Equal(2, _tls.Current.Authorities.Count);
    }

    [Fact]
    public void A_half_written_file_keeps_the_old_one_with_one_warning_until_it_is_whole()
    {
        var whole = File.ReadAllText(_certificates.Node().Certificate);
        var key = File.ReadAllText(_files.Key);
        _certificates.Node("other");
        File.WriteAllText(_files.Certificate, whole[..(whole.Length / 2)]);

        Looks(10);
        Assert.Equal(_first, _tls.Current.Certificate.SerialNumber);
        Assert.Contains("stay in use", Assert.Single(_log.Warnings), StringComparison.Ordinal);

        File.WriteAllText(_files.Certificate, whole);
        File.WriteAllText(_files.Key, key);
        Looks(2);
        Assert.NotEqual(_first, _tls.Current.Certificate.SerialNumber);
        Assert.Single(_log.Warnings);
    }

    [Fact]
    public void A_certificate_whose_key_is_not_written_yet_keeps_the_old_pair()
    {
        var old = File.ReadAllText(_files.Key);
        _certificates.Node();
        var key = File.ReadAllText(_files.Key);
        File.WriteAllText(_files.Key, old);
        Looks(1);
        File.WriteAllText(_files.Key, key);
        Looks(2);

        Assert.NotEqual(_first, _tls.Current.Certificate.SerialNumber);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void A_file_that_is_gone_keeps_the_old_one_with_one_warning()
    {
        File.Delete(_files.Ca);

        Looks(10);

        Assert.Single(_tls.Current.Authorities);
        Assert.Contains("is not there", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_somebody_else_keeps_the_old_one()
    {
        File.Copy(_certificates.Node("other").Certificate, _files.Certificate, overwrite: true);
        File.Copy(_certificates.PathOf("Replica-other.key"), _files.Key, overwrite: true);

        Looks(2);

        Assert.Equal(_first, _tls.Current.Certificate.SerialNumber);
        Assert.Contains("is of controlplane://replica/other", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    private void Looks(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _time.Advance(TlsSettings.LookInterval);
        }
    }
}
