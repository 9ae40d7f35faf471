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
        Invariant.Check(_epoll >= 0, "an agent starts with descriptors to spare");
        var ends = stackalloc int[2];
        Invariant.Check(Posix.Pipe(ends, Posix.CloseOnExec) == 0, "an agent starts with descriptors to spare");
        (_wakeReader, _wakeWriter) = (ends[0], ends[1]);
        Add(_wakeReader, static _ => { });
        _thread = new Thread(Run) { IsBackground = true, Name = "sandbox poller" };
        _thread.Start();
    }

    /// <summary>Calls <paramref name="onReadable"/> again and again while <paramref name="fd"/> is readable or closed by its writer, with the key that <see cref="Remove"/> needs.</summary>
    /// <exception cref="LaunchException">The machine watches no more descriptors; this one stays the caller's.</exception>
    public ulong Add(int fd, Action<ulong> onReadable)
    {
        lock (_lock)
        {
            var key = ++_lastKey;
            var @event = stackalloc byte[EventBytes];
            *(uint*)@event = Posix.EpollIn;
            *(ulong*)(@event + DataOffset) = key;
            if (Posix.EpollControl(_epoll, Posix.EpollAdd, fd, @event) != 0)
            {
                throw new LaunchException($"could not watch a process: {MachineFailure.CauseOf(Marshal.GetLastPInvokeError())}");
            }

            _handlers.Add(key, onReadable);
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

    /// <summary>Calls the handler for all that can be read at once, at most <paramref name="turnsMax"/> times, on the caller's thread.</summary>
    public void Drain(ulong key, int fd, int turnsMax)
    {
        lock (_lock)
        {
            for (var turn = 0; turn < turnsMax && _handlers.TryGetValue(key, out var handler) && IsReadable(fd); turn++)
            {
                handler(key);
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

    private static bool IsReadable(int fd)
    {
        var request = new Posix.PollRequest { Descriptor = fd, Wanted = Posix.PollIn };
        return Posix.Poll(&request, 1, 0) > 0;
    }
}
