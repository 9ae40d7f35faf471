namespace ControlPlane.Links;

/// <summary>What can be wrong with one direction of a link, all at the same time.</summary>
/// <param name="IsClosed">Nothing arrives.</param>
/// <param name="Delay">By how much each piece is late.</param>
/// <param name="Jitter">Up to how much more.</param>
/// <param name="LossShare">Which share of the pieces has to be sent again.</param>
/// <param name="BytesPerSecond">What it carries at most; 0: any amount.</param>
public sealed record LinkState(bool IsClosed = false, TimeSpan Delay = default, TimeSpan Jitter = default, double LossShare = 0, long BytesPerSecond = 0)
{
    /// <summary>Nothing is wrong.</summary>
    public static LinkState Whole { get; } = new();

    /// <summary>Both at once.</summary>
    public LinkState And(LinkState other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new LinkState(
            IsClosed || other.IsClosed,
            Delay + other.Delay,
            Jitter + other.Jitter,
            1 - ((1 - LossShare) * (1 - other.LossShare)),
            BytesPerSecond == 0 ? other.BytesPerSecond : other.BytesPerSecond == 0 ? BytesPerSecond : Math.Min(BytesPerSecond, other.BytesPerSecond));
    }
}

/// <summary>One direction of a <see cref="LinkRelay"/>. Any thread.</summary>
/// <param name="draw">Where chance comes from: even numbers from 0 to 1.</param>
public sealed class LinkFlow(Func<double> draw)
{
    /// <summary>What a transport waits before it first sends a lost piece again.</summary>
    private static readonly TimeSpan RepetitionAfter = TimeSpan.FromMilliseconds(200);

    private const int RepetitionsMax = 5;

    private LinkState _state = LinkState.Whole;
    private TaskCompletionSource? _closed;

    /// <summary>What is wrong with it. What is being carried now keeps what it met.</summary>
    public LinkState State
    {
        get => Volatile.Read(ref _state);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _state, value);
            if (value.IsClosed)
            {
                Interlocked.CompareExchange(ref _closed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
            }
            else
            {
                Interlocked.Exchange(ref _closed, null)?.SetResult();
            }
        }
    }

    /// <summary>False while nothing arrives.</summary>
    public bool IsOpen => Volatile.Read(ref _closed) is null;

    /// <summary>Lets nothing through until <see cref="Open"/>.</summary>
    public void Close() => State = State with { IsClosed = true };

    /// <summary>Undoes <see cref="Close"/>.</summary>
    public void Open() => State = State with { IsClosed = false };

    /// <summary>Completes once it is open, at once if it is.</summary>
    internal async Task PassAsync(CancellationToken cancellation)
    {
        while (Volatile.Read(ref _closed) is { } closed)
        {
            await closed.Task.WaitAsync(cancellation);
        }
    }

    /// <summary>Keeps a piece as long as this direction keeps it.</summary>
    internal async Task KeepAsync(int bytes, CancellationToken cancellation)
    {
        var state = State;
        var late = state.Delay + (state.Jitter * draw());
        for (var (tries, wait) = (0, RepetitionAfter); tries < RepetitionsMax && state.LossShare > 0 && draw() < state.LossShare; tries++, wait *= 2)
        {
            late += wait;
        }

        late += state.BytesPerSecond > 0 ? TimeSpan.FromSeconds((double)bytes / state.BytesPerSecond) : TimeSpan.Zero;
        if (late > TimeSpan.Zero)
        {
            await Task.Delay(late, cancellation);
        }
    }
}
