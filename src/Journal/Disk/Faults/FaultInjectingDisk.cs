namespace ControlPlane.Journal.Disk.Faults;

/// <summary>
/// The fault injection point of storage: passes every operation to <paramref name="inner"/>, records it, and lets a rule
/// replace it by a <see cref="DiskFault"/>. Used by tests of every project and by chaos builds.
/// Guarantee: an operation is recorded when it has completed (or has failed), in the order of completion, so a record of
/// a sync that precedes an acknowledgement proves that the sync had returned.
/// </summary>
/// <example><code>
/// var disk = new FaultInjectingDisk(new PhysicalDisk());
/// disk.Rule = operation => operation.Kind == DiskOperationKind.SyncData ? DiskFault.InputOutputError : null;
/// </code></example>
public sealed class FaultInjectingDisk(IDisk inner) : IDisk
{
    private readonly Lock _gate = new();
    private readonly List<DiskOperation> _completed = [];
    private Func<DiskOperation, DiskFault?>? _rule;

    /// <summary>
    /// Asked before each operation, from the thread that wants it (preallocation runs on pool threads; calls are
    /// serialized). Null result: the operation runs as asked. Null rule: no faults.
    /// </summary>
    public Func<DiskOperation, DiskFault?>? Rule
    {
        get
        {
            lock (_gate)
            {
                return _rule;
            }
        }

        set
        {
            lock (_gate)
            {
                _rule = value;
            }
        }
    }

    /// <summary>Everything that has completed so far, failed operations included. A copy.</summary>
    public IReadOnlyList<DiskOperation> Completed
    {
        get
        {
            lock (_gate)
            {
                return [.. _completed];
            }
        }
    }

    /// <summary>A rule that lets <paramref name="skip"/> matching operations pass and gives the next one <paramref name="fault"/>.</summary>
    public static Func<DiskOperation, DiskFault?> Once(Func<DiskOperation, bool> matches, int skip, DiskFault fault)
    {
        var seen = 0;
        return operation => matches(operation) && seen++ == skip ? fault : null;
    }

    /// <summary>
    /// A rule after which, from the operation numbered <paramref name="operation"/> (from 0), every change fails: what a
    /// process that is killed at this point leaves behind.
    /// </summary>
    public static Func<DiskOperation, DiskFault?> StopBefore(int operation)
    {
        var seen = 0;
        return asked => ChangesTheDisk(asked.Kind) && seen++ >= operation ? new DiskFault.Fail("the process was killed (injected)") : null;
    }

    /// <summary>True for the operations that leave something behind.</summary>
    public static bool ChangesTheDisk(DiskOperationKind kind) =>
        kind is not (DiskOperationKind.Open or DiskOperationKind.Read or DiskOperationKind.List or DiskOperationKind.Lock);

    /// <summary>Forgets what was recorded.</summary>
    public void ForgetCompleted()
    {
        lock (_gate)
        {
            _completed.Clear();
        }
    }

    /// <inheritdoc/>
    public IDiskFile Create(string path) => new FaultInjectingFile(
        this, Run(new DiskOperation(DiskOperationKind.Create, path), () => inner.Create(path)));

    /// <inheritdoc/>
    public IDiskFile Open(string path, bool writable) => new FaultInjectingFile(
        this, Run(new DiskOperation(DiskOperationKind.Open, path), () => inner.Open(path, writable)));

    /// <inheritdoc/>
    public void CreateDirectory(string path) =>
        Run(new DiskOperation(DiskOperationKind.CreateDirectory, path), () => inner.CreateDirectory(path));

    /// <inheritdoc/>
    public void SyncDirectory(string path) =>
        Run(new DiskOperation(DiskOperationKind.SyncDirectory, path), () => inner.SyncDirectory(path));

    /// <inheritdoc/>
    public void Rename(string source, string destination) =>
        Run(new DiskOperation(DiskOperationKind.Rename, source), () => inner.Rename(source, destination));

    /// <inheritdoc/>
    public void DeleteFile(string path) =>
        Run(new DiskOperation(DiskOperationKind.DeleteFile, path), () => inner.DeleteFile(path));

    /// <inheritdoc/>
    public void DeleteDirectory(string path) =>
        Run(new DiskOperation(DiskOperationKind.DeleteDirectory, path), () => inner.DeleteDirectory(path));

    /// <inheritdoc/>
    public bool FileExists(string path) => inner.FileExists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path) =>
        Run(new DiskOperation(DiskOperationKind.List, path), () => inner.List(path));

    /// <inheritdoc/>
    public IDisposable? TryLock(string path) =>
        Run(new DiskOperation(DiskOperationKind.Lock, path), () => inner.TryLock(path));

    /// <summary>The fault for an operation that is about to run; waits first if the fault is a delay.</summary>
    internal DiskFault? FaultFor(DiskOperation operation)
    {
        DiskFault? fault;
        lock (_gate)
        {
            fault = _rule?.Invoke(operation);
        }

        if (fault is DiskFault.Delay delay)
        {
            delay.Wait();
            return null;
        }

        return fault;
    }

    /// <summary>Records an operation that has completed or failed.</summary>
    internal void Record(DiskOperation operation)
    {
        lock (_gate)
        {
            _completed.Add(operation);
        }
    }

    private T Run<T>(DiskOperation operation, Func<T> action)
    {
        try
        {
            return FaultFor(operation) switch
            {
                null => action(),
                DiskFault.Fail fail => throw new StorageFaultException(operation, fail.Reason),
                var other => throw new NotSupportedException($"{other} has no meaning for {operation.Kind}."),
            };
        }
        finally
        {
            Record(operation);
        }
    }

    private void Run(DiskOperation operation, Action action)
    {
        try
        {
            switch (FaultFor(operation))
            {
                case null:
                    action();
                    break;
                case DiskFault.Lost:
                    break;
                case DiskFault.Fail fail:
                    throw new StorageFaultException(operation, fail.Reason);
                case var other:
                    throw new NotSupportedException($"{other} has no meaning for {operation.Kind}.");
            }
        }
        finally
        {
            Record(operation);
        }
    }
}
