using ControlPlane.Security;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>An authority in a directory and what it issues, all made by <c>cpctl certs</c>.</summary>
internal sealed class CertificateDirectory(string path)
{
    public async Task InitAsync() => (await RunAsync("init")).Ended(0);

    /// <summary>Issues files for an identity; over those that are there if they are to be renewed.</summary>
    public async Task<TlsFiles> IssueAsync(Role role, string name, bool renew = false)
    {
        string[] arguments = ["--role", PeerIdentity.NameOf(role), "--name", name];
        (await RunAsync("issue", renew ? [.. arguments, "--force"] : arguments)).Ended(0);
        return FilesOf(role, name);
    }

    public TlsFiles FilesOf(Role role, string name) =>
        new(PathOf($"{PeerIdentity.NameOf(role)}-{name}.crt"), PathOf($"{PeerIdentity.NameOf(role)}-{name}.key"), PathOf("ca.crt"));

    /// <summary>The options of a command that shows these files.</summary>
    public static string[] Arguments(TlsFiles files) => ["--ca", files.Ca, "--cert", files.Certificate, "--key", files.Key];

    private Task<CommandResult> RunAsync(string verb, params string[] arguments) => Cpctl.RunAsync("http://127.0.0.1:1", ["certs", verb, "--dir", path, .. arguments]);

    private string PathOf(string file) => Path.Combine(path, file);
}
