using System.Security.Cryptography;

namespace ControlPlane.Security;

/// <summary>The three files as they were at one look, and a fingerprint that tells two looks apart.</summary>
internal sealed record TlsContents(string? Certificate, string? Key, string? Ca, IReadOnlyList<TlsFileProblem> Problems, string Fingerprint)
{
    /// <summary>Larger files are not certificates, and nobody wants them in memory at each look.</summary>
    private const int BytesMax = 1024 * 1024;

    public static TlsContents Read(TlsFiles files)
    {
        var problems = new List<TlsFileProblem>();
        var certificate = Read(files.Certificate, TlsFile.Certificate, problems);
        var key = Read(files.Key, TlsFile.Key, problems);
        var ca = Read(files.Ca, TlsFile.Ca, problems);
        var all = string.Join('\0', problems.Select(problem => problem.ToString()).Prepend(ca ?? "").Prepend(key ?? "").Prepend(certificate ?? ""));
        return new TlsContents(certificate, key, ca, problems, Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(all))));
    }

    private static string? Read(string path, TlsFile file, List<TlsFileProblem> problems)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax)
            {
                problems.Add(new(file, $"{path} is larger than {BytesMax} bytes", "Name a PEM file"));
                return null;
            }

            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(new(file, $"{Path.GetFullPath(path)} is not there", "Name a PEM file that is"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(file, $"{Path.GetFullPath(path)} cannot be read ({e.Message})", "Let this process's user read it"));
        }

        return null;
    }
}
