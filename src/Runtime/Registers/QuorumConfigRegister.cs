using ControlPlane.Journal.Register;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Runtime.Registers;

/// <summary>
/// The <c>quorum</c> register: a proposer of CASPaxos over the acceptors that the journal's own replicas keep (<see cref="AcceptorHost"/>).
/// Guarantee: as <see cref="IConfigRegister"/>, while a majority of the acceptors keeps its memory; it answers while a majority can be reached.
/// </summary>
/// <remarks>
/// Any number of proposers may run at once, on any nodes; duels end by random backoff. One proposer runs one round at a time, calls queue.
/// Clocks only decide when to try again.
/// </remarks>
public sealed class QuorumConfigRegister : IConfigRegister
{
    private readonly QuorumRegisterOptions _options;
    private readonly TimeProvider _time;
    private readonly RegisterProposer _proposer;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _disposed = new();
    private int _calls;

    /// <summary>A proposer that reaches the acceptors through <paramref name="peers"/>.</summary>
    public QuorumConfigRegister(IRegisterPeers peers, QuorumRegisterOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _proposer = new RegisterProposer(peers, options, time);
    }

    /// <summary>An acceptor's answer; on any thread. What belongs to no round of this proposer is ignored.</summary>
    public void Receive(ReplicaId from, PeerMessage message) => _proposer.Receive(from, message);

    /// <inheritdoc/>
    public async ValueTask<RegisterValue?> ReadAsync(CancellationToken cancellation) => await CallAsync(
        async token =>
        {
            RegisterValue? value = null;
            await RoundsAsync(
                () => new RegisterOperation.Read(),
                round =>
                {
                    if (round.Outcome is not RoundOutcome.Chosen { State: var state })
                    {
                        return false;
                    }

                    value = state.Version == 0 ? null : new RegisterValue(state.Version, StampedValue.Read(state.Value).Value);
                    return true;
                },
                token);
            return value;
        },
        cancellation);

    /// <inheritdoc/>
    public async ValueTask<bool> TryCompareAndSetAsync(ulong expectedVersion, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, IConfigRegister.ValueBytesMax, nameof(value));
        return await CallAsync(
            async token =>
            {
                var call = new CompareAndSetCall(expectedVersion, RegisterProposer.RandomIdentifier(), value);
                var verdict = CompareAndSetVerdict.Again;
                await RoundsAsync(() => call.Operation, round => (verdict = call.Judge(round)) != CompareAndSetVerdict.Again, token);
                return verdict == CompareAndSetVerdict.Unknown
                    ? throw new RegisterUnavailableException("The register was replaced again before it was known whether this call had replaced it.")
                    : verdict == CompareAndSetVerdict.Replaced;
            },
            cancellation);
    }

    /// <summary>
    /// Makes <paramref name="wanted"/> the acceptors, one at a time; the value stays. Repeating it, also from another node and after an
    /// unknown outcome, is harmless; two different changes at once end as either. New acceptors must be reachable, and fresh or acceptors of
    /// this same register before: a replica of another register must never be named.
    /// </summary>
    /// <exception cref="RegisterUnavailableException">It cannot be told how far it got: call again.</exception>
    public async ValueTask ChangeAcceptorsAsync(IReadOnlyList<ReplicaId> wanted, CancellationToken cancellation)
    {
        var call = new ChangeAcceptorsCall(wanted);
        await CallAsync(
            async token =>
            {
                await RoundsAsync(() => call.Operation, call.Judge, token);
                return true;
            },
            cancellation);
    }

    /// <summary>The acceptors at present, linearizable as a read is.</summary>
    /// <exception cref="RegisterUnavailableException">It cannot be told.</exception>
    public async ValueTask<IReadOnlyList<ReplicaId>> ReadAcceptorsAsync(CancellationToken cancellation) => await CallAsync(
        async token =>
        {
            IReadOnlyList<ReplicaId> acceptors = [];
            await RoundsAsync(
                () => new RegisterOperation.Read(),
                round =>
                {
                    acceptors = (round.Outcome as RoundOutcome.Chosen)?.State.Acceptors ?? [];
                    return acceptors.Count > 0;
                },
                token);
            return acceptors;
        },
        cancellation);

    /// <summary>
    /// Begins the register at fresh replicas: on return all of them know, and a first round has been chosen. All must be reachable; from
    /// then on a majority is enough. Repeating the same is harmless for as long as these are still the acceptors.
    /// </summary>
    /// <exception cref="InvalidOperationException">One of them already has other acceptors; nothing of it was changed.</exception>
    /// <exception cref="RegisterUnavailableException">Not all have answered: call again.</exception>
    public async ValueTask FoundAsync(IReadOnlyList<ReplicaId> acceptors, CancellationToken cancellation) => await CallAsync(
        async token =>
        {
            var founding = new Founding(acceptors);
            await _proposer.RunAsync(founding, _options.CallTimeout, token);
            if (founding.Conflict is { } conflict)
            {
                throw new InvalidOperationException(
                    $"Replica {conflict.Acceptor} is already founded, with the acceptors {string.Join(", ", conflict.Acceptors)}; asked for were {string.Join(", ", AcceptorSet.Of(acceptors))}.");
            }

            await RoundsAsync(() => new RegisterOperation.Confirm(), round => round.Outcome is RoundOutcome.Chosen, token);
            return true;
        },
        cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _disposed.CancelAsync();

    // Rounds, each above the ballots that stood in the way of the one before, until `judge` is content. Each round is judged, also one
    // that was given up.
    private async Task RoundsAsync(Func<RegisterOperation> operation, Func<RegisterRound, bool> judge, CancellationToken cancellation)
    {
        for (var lost = 0; ;)
        {
            var round = await _proposer.RunAsync(operation(), cancellation);
            if (round.Outcome is RoundOutcome.Unfounded)
            {
                throw new RegisterUnavailableException("The register has not been founded at the replicas that answered, or not at all of its first acceptors.");
            }

            if (judge(round))
            {
                return;
            }

            if (round.Outcome is not RoundOutcome.Chosen)
            {
                await Task.Delay(Backoff(lost++), _time, cancellation);
            }
        }
    }

    private TimeSpan Backoff(int lost)
    {
        var longest = Math.Min(_options.BackoffMin.TotalMilliseconds * Math.Pow(2, Math.Min(lost, 20)), _options.BackoffMax.TotalMilliseconds);
#pragma warning disable CA5394 // Spreads proposers apart; nothing is to be kept secret.
        return TimeSpan.FromMilliseconds(longest * Random.Shared.NextDouble());
#pragma warning restore CA5394
    }

    // One call at a time, in a bounded queue, for a bounded time.
    private async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> body, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        cancellation.ThrowIfCancellationRequested();
        if (Interlocked.Increment(ref _calls) > _options.WaitingCallsMax + 1)
        {
            Interlocked.Decrement(ref _calls);
            throw new RegisterUnavailableException($"{_options.WaitingCallsMax} calls are waiting for the register already.");
        }

        using var timeout = new CancellationTokenSource(_options.CallTimeout, _time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _disposed.Token, cancellation);
        var hasTurn = false;
        try
        {
            await _turn.WaitAsync(any.Token);
            hasTurn = true;
            return await body(any.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new RegisterUnavailableException(
                _disposed.IsCancellationRequested ? "The register was closed during the call." : $"No majority of the register's acceptors has answered within {_options.CallTimeout}.", e);
        }
        catch (OperationCanceledException)
        {
            throw new OperationCanceledException(cancellation);
        }
        finally
        {
            if (hasTurn)
            {
                _turn.Release();
            }

            Interlocked.Decrement(ref _calls);
        }
    }
}
