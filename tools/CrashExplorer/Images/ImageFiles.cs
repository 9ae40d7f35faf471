namespace ControlPlane.CrashExplorer.Images;

/// <summary>An image as real files below a directory, for people, for the journal inspector, and for another run.</summary>
internal static class ImageFiles
{
    public static void Write(DiskImage image, string parent)
    {
        foreach (var directory in image.Directories())
        {
            Directory.CreateDirectory(parent + directory);
        }

        foreach (var file in image.Files())
        {
            File.WriteAllBytes(parent + file, image.FileAt(file)!.ToArray());
        }
    }

    /// <summary>Only what an image may hold: the directories below <paramref name="parent"/>, and the files in them.</summary>
    public static DiskImage Read(string parent)
    {
        var image = new DiskImage();
        foreach (var directory in Directory.GetDirectories(parent, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Add(image, InImage(parent, directory), isDirectory: true);
        }

        foreach (var file in Directory.GetDirectories(parent).SelectMany(top => Directory.GetFiles(top, "*", SearchOption.AllDirectories)))
        {
            var path = InImage(parent, file);
            Add(image, path, isDirectory: false);
            image.SetFile(path, FileContent.Of(File.ReadAllBytes(file)));
        }

        return image;
    }

    private static string InImage(string parent, string path) =>
        "/" + Path.GetRelativePath(parent, path).Replace(Path.DirectorySeparatorChar, '/');

    private static void Add(DiskImage image, string path, bool isDirectory)
    {
        var (directory, name) = DiskImage.Split(path);
        image.TryAdd(image.Find(directory)!.Value, name, image.NewNode(), isDirectory);
    }
}
