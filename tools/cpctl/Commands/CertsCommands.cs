using System.CommandLine;
using System.CommandLine.Parsing;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ControlPlane.Primitives;
using ControlPlane.Security;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl certs init|issue|show</c>: a certificate authority in a directory, for development and small fleets.</summary>
internal static class CertsCommands
{
    private const string AuthorityCertificate = "ca.crt";
    private const string AuthorityKey = "ca.key";
    private const int DaysMax = 36_500;

    private static readonly string[] LocalHosts = ["localhost", "127.0.0.1", "::1"];

    public static Command Build(Terminal terminal) => new CpctlCommand(
        "certs", "Makes and shows certificates: an authority in a directory, and what it issues to nodes, workers and callers.")
        .With(Init(terminal), Issue(terminal), Show(terminal));

    private static CpctlCommand Init(Terminal terminal)
    {
        var (directory, days, force) = (DirectoryOption(), Days(3_650), Force());
        var name = new Option<string>("--name") { Description = "What the authority is called.", HelpName = "NAME", DefaultValueFactory = _ => "controlplane development CA" };
        return new CpctlCommand("init", "Makes an authority: ca.crt, which everybody trusts, and ca.key, which nobody else may read.", "cpctl certs init --dir certs")
            .With(directory, name, days, force)
            .Does(terminal, context =>
            {
                var files = new PemFiles(Path.GetFullPath(context.Get(directory)!), context.Get(force));
                files.RequireAbsent(AuthorityCertificate, AuthorityKey);
                using var authority = CertificateAuthority.Create(context.Get(name)!, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(context.Get(days)));
                files.WriteKey(AuthorityKey, authority.KeyPem());
                files.WriteCertificate(AuthorityCertificate, authority.CertificatePem());
                context.Show(CertificateView.Of(authority.Certificate, files.PathOf(AuthorityCertificate), files.PathOf(AuthorityKey)));
                return Task.CompletedTask;
            });
    }

    private static CpctlCommand Issue(Terminal terminal)
    {
        var (directory, days, force) = (DirectoryOption(), Days(365), Force());
        var role = new Option<string>("--role") { Description = $"What its holder may be: {string.Join(", ", Enum.GetValues<Role>().Select(PeerIdentity.NameOf))}.", HelpName = "ROLE", Required = true };
        role.Validators.Add(result => Require(result, PeerIdentity.TryParseRole(result.GetValueOrDefault<string>(), out _), "is no role"));
        var name = new Option<string>("--name") { Description = "Its holder's name: the tenant, the worker, the node, the journal, the person.", HelpName = "NAME", Required = true };
        name.Validators.Add(result => Require(result, Name.IsWellFormed(result.GetValueOrDefault<string>()), $"is not a name: {Name.Rule}"));
        var hosts = new Option<string[]>("--host") { Description = "A DNS name or IP address under which it is dialled; may be repeated. A replica or worker without one: this machine.", HelpName = "HOST" };
        hosts.Validators.Add(result => Require(result, (result.GetValueOrDefault<string[]>() ?? []).All(host => Uri.CheckHostName(host) != UriHostNameType.Unknown), "is no host"));
        return new CpctlCommand(
            "issue",
            "Issues a certificate with the identity controlplane://ROLE/NAME, and its key.",
            "cpctl certs issue --dir certs --role replica --name node-1 --host 10.0.0.7 --host node-1.example",
            "cpctl certs issue --dir certs --role worker --name worker-1",
            "cpctl certs issue --dir certs --role tenant --name acme --days 30")
            .With(directory, role, name, hosts, days, force)
            .Does(terminal, context =>
            {
                var wanted = Enum.GetValues<Role>().Single(known => PeerIdentity.NameOf(known) == context.Get(role));
                var identity = new PeerIdentity(wanted, context.Get(name)!);
                var files = new PemFiles(Path.GetFullPath(context.Get(directory)!), context.Get(force));
                var (certificate, key) = ($"{context.Get(role)}-{identity.Name}.crt", $"{context.Get(role)}-{identity.Name}.key");
                files.RequireAbsent(certificate, key);
                using var authority = OpenAuthority(files);
                var dialled = context.Get(hosts) is { Length: > 0 } given ? given : wanted is Role.Replica or Role.Worker ? LocalHosts : [];
                var issued = authority.Issue(identity, dialled, TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(context.Get(days)));
                files.WriteKey(key, issued.KeyPem);
                files.WriteCertificate(certificate, issued.CertificatePem);
                context.Show(CertificateView.Of(issued.Certificate, files.PathOf(certificate), files.PathOf(key)));
                return Task.CompletedTask;
            });
    }

    private static CpctlCommand Show(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A PEM file with one certificate or several." };
        return new CpctlCommand("show", "Who a certificate says its holder is, where it may serve, and how long it is valid.", "cpctl certs show certs/tenant-acme.crt").With(file)
            .Does(terminal, context =>
            {
                var path = Path.GetFullPath(context.Get(file));
                foreach (var certificate in Read(path))
                {
                    context.Show(CertificateView.Of(certificate, path, ""));
                }

                return Task.CompletedTask;
            });
    }

    private static X509Certificate2Collection Read(string path)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UsageException($"cannot read {path}: {e.Message}", "Name a PEM file.");
        }

        return all.Count > 0 ? all : throw new UsageException($"{path} holds no certificate", "Name a PEM file with BEGIN CERTIFICATE in it.");
    }

    private static CertificateAuthority OpenAuthority(PemFiles files)
    {
        const string Remedy = "Make an authority first: `cpctl certs init --dir DIR`.";
        var (certificate, key) = (files.Read(AuthorityCertificate, Remedy), files.Read(AuthorityKey, Remedy));
        try
        {
            return CertificateAuthority.FromPem(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new UsageException($"{files.PathOf(AuthorityCertificate)} and {files.PathOf(AuthorityKey)} are not an authority: {e.Message}", Remedy);
        }
    }

    private static Option<string> DirectoryOption() => new("--dir") { Description = "Where the authority lives.", HelpName = "DIR", Required = true };

    private static Option<bool> Force() => new("--force") { Description = "Overwrite files that are there." };

    private static Option<int> Days(int usual)
    {
        var days = new Option<int>("--days") { Description = $"How long it is valid; 1 to {DaysMax}.", HelpName = "N", DefaultValueFactory = _ => usual };
        days.Validators.Add(result => Require(result, result.GetValueOrDefault<int>() is >= 1 and <= DaysMax, $"is not from 1 to {DaysMax}"));
        return days;
    }

    private static void Require(OptionResult result, bool holds, string otherwise)
    {
        if (!holds)
        {
            result.AddError($"{result.Option.Name} '{string.Join(' ', result.Tokens.Select(token => token.Value))}' {otherwise}");
        }
    }
}
