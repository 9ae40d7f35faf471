namespace ControlPlane.Worker.Storage;

/// <summary>Another agent holds the data directory.</summary>
public sealed class DirectoryInUseException(string path, Exception inner)
    : Exception($"{path} is used by another worker agent: stop that one, or name another DataDirectory.", inner);
