using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace ControlPlane.CrashExplorer.Images;

/// <summary>
/// A whole disk at one moment: directories as maps from names to nodes, and the nodes' contents apart from them, because a crash may lose a
/// name and keep the data, or the other way round. Paths are absolute, divided by <c>/</c>. One thread at a time; <see cref="Fork"/> is cheap.
/// </summary>
internal sealed class DiskImage
{
    private const int Root = 0;
    private readonly Dictionary<int, SortedDictionary<string, int>> _directories;
    private readonly Dictionary<int, FileContent> _files;
    private int _nextNode;

    public DiskImage()
    {
        _directories = new() { [Root] = NewDirectory() };
        _files = [];
        _nextNode = Root + 1;
    }

    private DiskImage(DiskImage source)
    {
        _directories = source._directories.ToDictionary(entry => entry.Key, entry => new SortedDictionary<string, int>(entry.Value, StringComparer.Ordinal));
        _files = new Dictionary<int, FileContent>(source._files);
        _nextNode = source._nextNode;
    }

    public DiskImage Fork() => new(this);

    /// <summary>The node of a path; null if there is none.</summary>
    public int? Find(string path)
    {
        var node = Root;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!_directories.TryGetValue(node, out var directory) || !directory.TryGetValue(name, out node))
            {
                return null;
            }
        }

        return node;
    }

    public bool IsDirectory(int node) => _directories.ContainsKey(node);

    public FileContent? FileAt(string path) => Find(path) is { } node && _files.TryGetValue(node, out var content) ? content : null;

    public FileContent ContentOf(int node) => _files[node];

    /// <summary>Files that no name leads to are changed as well: a name may come back.</summary>
    public void SetContent(int node, FileContent content) => _files[node] = content;

    public void SetFile(string path, FileContent content) => _files[Find(path)!.Value] = content;

    /// <summary>A number that no node has yet.</summary>
    public int NewNode() => _nextNode++;

    /// <summary>Makes a file or a directory under a number of the caller's; false if its directory is not there or has the name already.</summary>
    public bool TryAdd(int parent, string name, int node, bool isDirectory)
    {
        AddNameless(node, isDirectory);
        return _directories.TryGetValue(parent, out var names) && names.TryAdd(name, node);
    }

    /// <summary>Makes a file or a directory that no name leads to.</summary>
    public void AddNameless(int node, bool isDirectory)
    {
        _nextNode = Math.Max(_nextNode, node + 1);
        if (isDirectory)
        {
            _directories.TryAdd(node, NewDirectory());
        }
        else
        {
            _files.TryAdd(node, FileContent.Empty);
        }
    }

    /// <summary>Gives a node another name; what has that name is replaced. False if the old name is not there.</summary>
    public bool TryRename(int parent, string name, int newParent, string newName)
    {
        if (!_directories.TryGetValue(parent, out var names) || !_directories.TryGetValue(newParent, out var newNames) || !names.Remove(name, out var node))
        {
            return false;
        }

        newNames[newName] = node;
        return true;
    }

    /// <summary>Takes a name away, whatever is below it; false if it is not there.</summary>
    public bool TryRemove(int parent, string name) => _directories.TryGetValue(parent, out var names) && names.Remove(name);

    /// <summary>Takes a name away with everything below it.</summary>
    public void RemoveAll(string path)
    {
        var (parent, name) = Split(path);
        _directories[Find(parent)!.Value].Remove(name);
    }

    public IReadOnlyCollection<string> Names(int directory) => _directories[directory].Keys;

    /// <summary>Paths of all files that a name leads to, in order.</summary>
    public IEnumerable<string> Files() => Walk(Root, string.Empty).Where(found => !found.IsDirectory).Select(found => found.Path);

    /// <summary>Paths of all directories, in order, without the root.</summary>
    public IEnumerable<string> Directories() => Walk(Root, string.Empty).Where(found => found.IsDirectory).Select(found => found.Path);

    /// <summary>Equal for images that no program can tell apart.</summary>
    public UInt128 Hash()
    {
        var hash = new XxHash128();
        Span<byte> bytes = stackalloc byte[16];
        foreach (var (path, isDirectory, node) in Walk(Root, string.Empty))
        {
            hash.Append(Encoding.UTF8.GetBytes(path));
            hash.Append(isDirectory ? "/\0"u8 : "\0"u8);
            if (!isDirectory)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(bytes, _files[node].Hash);
                hash.Append(bytes);
            }
        }

        return hash.GetCurrentHashAsUInt128();
    }

    /// <summary>The directory and the last name of a path.</summary>
    public static (string Parent, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return (path[..slash], path[(slash + 1)..]);
    }

    private static SortedDictionary<string, int> NewDirectory() => new(StringComparer.Ordinal);

    private IEnumerable<(string Path, bool IsDirectory, int Node)> Walk(int directory, string path)
    {
        foreach (var (name, node) in _directories[directory])
        {
            var isDirectory = _directories.ContainsKey(node);
            yield return ($"{path}/{name}", isDirectory, node);
            if (isDirectory)
            {
                foreach (var below in Walk(node, $"{path}/{name}"))
                {
                    yield return below;
                }
            }
        }
    }
}
