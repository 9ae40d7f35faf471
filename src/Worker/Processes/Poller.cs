using System.Runtime.InteropServices;
using ControlPlane.Primitives;

namespace ControlPlane.Worker.Processes;

/// <summary>
/// One thread that waits for all sandboxes' pipes and process handles (epoll), so that an idle sandbox costs neither a
/// thread nor a buffer: .NET would block a pool thread for each pipe that it reads.
/// </summary>
/// <remarks>
/// Level-triggered, one reading per turn: a flooding sandbox cannot starve another. Handlers run on the poller's thread and
/// must not block. A handler never runs after <see cref="Remove"/> of it has returned.
/// </remarks>
internal sealed unsafe class Poller : IDisposable
{
    private const int EventsPerTurn = 64;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventBytes = DataOffset + sizeof(ulong);

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Action<ulong>> _handlers = [];
    private readonly int _epoll;
    private readonly int _wakeReader;
    private readonly int _wakeWriter;
    private readonly Thread _thread;
    private ulong _lastKey;
    private volatile bool _stopping;

    public Poller()
    {
        _epoll = Posix.EpollCreate(Posix.CloseOnExec);
        Check(_epoll);
        var ends = stackalloc int[2];
        Check(Posix.Pipe(ends, Posix.CloseOnExec));
        (_wakeReader, _wakeWriter) = (ends[0], ends[1]);
        Add(_wakeReader, static _ => { });
        _thread = new Thread(Run) { IsBackground = true, Name = "sandbox poller" };
        _thread.Start();
    }

    /// <summary>Calls <paramref name="onReadable"/> again and again while <paramref name="fd"/> is readable or closed by its writer, with the key that <see cref="Remove"/> needs.</summary>
    public ulong Add(int fd, Action<ulong> onReadable)
    {
        lock (_lock)
        {
            var key = ++_lastKey;
            _handlers.Add(key, onReadable);
            var @event = stackalloc byte[EventBytes];
            *(uint*)@event = Posix.EpollIn;
            *(ulong*)(@event + DataOffset) = key;
            Check(Posix.EpollControl(_epoll, Posix.EpollAdd, fd, @event));
            return key;
        }
    }

    /// <summary>Forgets a registration and closes its descriptor; nothing happens if it is gone already.</summary>
    public void Remove(ulong key, int fd)
    {
        lock (_lock)
        {
            if (_handlers.Remove(key))
            {
                var unused = stackalloc byte[EventBytes];
                _ = Posix.EpollControl(_epoll, Posix.EpollDelete, fd, unused);
                _ = Posix.Close(fd);
            }
        }
    }

    public void Dispose()
    {
        _stopping = true;
        _ = Posix.Close(_wakeWriter);
        _thread.Join();
        _ = Posix.Close(_wakeReader);
        _ = Posix.Close(_epoll);
    }

    private void Run()
    {
        var events = stackalloc byte[EventBytes * EventsPerTurn];
        while (!_stopping)
        {
            var count = Posix.EpollWait(_epoll, events, EventsPerTurn, -1);
            Invariant.Check(count >= 0 || Marshal.GetLastPInvokeError() == Posix.Interrupted, "waiting for descriptors cannot fail");
            for (var i = 0; i < count && !_stopping; i++)
            {
                Dispatch(*(ulong*)(events + (i * EventBytes) + DataOffset));
            }
        }
    }

    private void Dispatch(ulong key)
    {
        lock (_lock)
        {
            if (_handlers.TryGetValue(key, out var handler))
            {
                handler(key);
            }
        }
    }

    private static void Check(int result) =>
        Invariant.Check(result >= 0, "the machine has descriptors to spare (raise `ulimit -n`)");
}
