using System.Globalization;

namespace ControlPlane.Primitives;

/// <summary>
/// The leader's clamped-monotonic stamp inside an entry: nanoseconds since the Unix epoch by the leader's clock, never
/// less than the entry before. The only clock of the pure cores; it gives liveness and order for people, never safety.
/// </summary>
public readonly record struct JournalTime(long Nanoseconds) : IComparable<JournalTime>
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The stamp for a wall-clock instant.</summary>
    public static JournalTime FromDateTimeOffset(DateTimeOffset instant) =>
        new(checked((instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * NanosecondsPerTick));

    /// <summary>The wall-clock instant, cut to 100 ns.</summary>
    public DateTimeOffset ToDateTimeOffset() =>
        DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / NanosecondsPerTick);

    /// <summary>The later of two stamps.</summary>
    public static JournalTime Max(JournalTime left, JournalTime right) => left >= right ? left : right;

    /// <summary>This stamp moved by <paramref name="duration"/>.</summary>
    public JournalTime Plus(TimeSpan duration) => new(checked(Nanoseconds + (duration.Ticks * NanosecondsPerTick)));

    /// <summary>How long after <paramref name="earlier"/> this is (negative if before), cut to 100 ns.</summary>
    public TimeSpan Since(JournalTime earlier) =>
        TimeSpan.FromTicks(checked(Nanoseconds - earlier.Nanoseconds) / NanosecondsPerTick);

    /// <inheritdoc/>
    public int CompareTo(JournalTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>ISO 8601 in UTC.</summary>
    public override string ToString() =>
        ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    /// <summary>Order in time.</summary>
    public static bool operator <(JournalTime left, JournalTime right) => left.Nanoseconds < right.Nanoseconds;

    /// <summary>Order in time.</summary>
    public static bool operator >(JournalTime left, JournalTime right) => left.Nanoseconds > right.Nanoseconds;

    /// <summary>Order in time.</summary>
    public static bool operator <=(JournalTime left, JournalTime right) => left.Nanoseconds <= right.Nanoseconds;

    /// <summary>Order in time.</summary>
    public static bool operator >=(JournalTime left, JournalTime right) => left.Nanoseconds >= right.Nanoseconds;
}
