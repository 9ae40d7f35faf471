using System.Reflection;
using FASTER.core;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// Hands everything enqueued in a FasterLog to its device, on the calling thread, and does nothing else: with a device that
/// writes before it returns, the bytes are written when <see cref="WriteOut"/> returns.
/// </summary>
/// <remarks>
/// FASTER's public way, <c>Commit</c>, does the same and then starts a pool task for commit metadata, which we neither write nor
/// read: about a kilobyte of garbage and one woken thread for each flush, beside a sync that itself takes about 100 µs.
/// There is no public way without it, so this calls what <c>Commit</c> calls: protect the epoch, move the read-only address to the tail.
/// The version of FASTER is pinned and is its last one; a version without these members is refused when a segment is opened, and
/// <see cref="SegmentWriter.Flush"/> checks after each call that FASTER has written all of it.
/// One thread at a time.
/// </remarks>
internal sealed class FasterFlush
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly MoveReadOnlyToTail _moveReadOnlyToTail;
    private readonly Action _enterEpoch;
    private readonly Action _leaveEpoch;

    /// <summary>Binds to the log's parts.</summary>
    /// <exception cref="InvalidOperationException">Another version of FASTER than the one this was written for.</exception>
    public FasterFlush(FasterLog log)
    {
        var allocator = Part(log, "allocator");
        var epoch = Part(log, "epoch");
        _moveReadOnlyToTail = Bind<MoveReadOnlyToTail>(allocator, "ShiftReadOnlyToTail");
        _enterEpoch = Bind<Action>(epoch, "Resume");
        _leaveEpoch = Bind<Action>(epoch, "Suspend");
    }

    private delegate bool MoveReadOnlyToTail(out long tail, out SemaphoreSlim flushed);

    /// <summary>Writes out; a failure shows in the device.</summary>
    public void WriteOut()
    {
        _enterEpoch();
        try
        {
            _moveReadOnlyToTail(out _, out _);
        }
        finally
        {
            _leaveEpoch();
        }
    }

    private static object Part(FasterLog log, string field) =>
        typeof(FasterLog).GetField(field, Members)?.GetValue(log) ?? throw WrongVersion($"FasterLog.{field}");

    private static TDelegate Bind<TDelegate>(object target, string method)
        where TDelegate : Delegate =>
        target.GetType().GetMethod(method, Members) is { } found
            ? found.CreateDelegate<TDelegate>(target)
            : throw WrongVersion($"{target.GetType().Name}.{method}");

    private static InvalidOperationException WrongVersion(string member) =>
        new($"{typeof(FasterLog).Assembly.GetName()} has no {member}: this program needs the version of FASTER that it is built with.");
}
