using System.Text;

namespace ControlPlane.Cpctl;

/// <summary>PEM files of one directory: a private key is its owner's to read from its first byte on, and nothing is overwritten unless asked.</summary>
internal sealed class PemFiles(string directory, bool force)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersDirectory = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode ForAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string PathOf(string name) => Path.Combine(directory, name);

    /// <summary>Refuses, before anything is written, if one of the files is there and --force was not given.</summary>
    public void RequireAbsent(params string[] names)
    {
        if (!force && names.Select(PathOf).FirstOrDefault(File.Exists) is { } there)
        {
            throw new UsageException($"{there} is there already, and whoever uses it would be locked out", "Choose another --dir, or overwrite it with --force.");
        }
    }

    /// <summary>A text that must be there.</summary>
    public string Read(string name, string remedy) =>
        File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : throw new UsageException($"{PathOf(name)} is not there", remedy);

    public void WriteCertificate(string name, string pem) => Write(name, pem, ForAll);

    public void WriteKey(string name, string pem) => Write(name, pem, OwnerOnly);

    /// <summary>Whole or not at all: a process that reloads its certificates never sees half a file.</summary>
    private void Write(string name, string pem, UnixFileMode mode)
    {
        var written = PathOf($".{name}.{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, OwnersDirectory);
            options.UnixCreateMode = mode;
        }

        using (var file = new FileStream(written, options))
        {
            file.Write(Encoding.ASCII.GetBytes(pem));
            file.Flush(flushToDisk: true);
        }

        File.Move(written, PathOf(name), overwrite: force);
    }
}
