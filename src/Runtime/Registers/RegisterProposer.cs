using System.Buffers.Binary;
using System.Security.Cryptography;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Runtime.Registers;

/// <summary>
/// Runs one exchange with the acceptors at a time: sends, repeats, feeds the answers in, and gives up in time. Also gives out ballots.
/// </summary>
/// <remarks>
/// A ballot must never be used twice. The proposer's part of it is drawn at random when this object is made, so neither a restarted process
/// nor a second proposer of the same replica can repeat one, and nothing about ballots needs to be durable.
/// </remarks>
internal sealed class RegisterProposer(IRegisterPeers peers, QuorumRegisterOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly ReplicaId _name = new(RandomIdentifier());
    private IReadOnlyList<ReplicaId> _acceptors = [];
    private RegisterExchange? _running;
    private TaskCompletionSource? _over;
    private ulong _counter;

    public static UInt128 RandomIdentifier()
    {
        Span<byte> bytes = stackalloc byte[Identifier128.ByteCount];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Runs a round to its end or until it is given up (its outcome is then null).</summary>
    public async Task<RegisterRound> RunAsync(RegisterOperation operation, CancellationToken cancellation)
    {
        RegisterRound round;
        lock (_gate)
        {
            // Whoever was an acceptor last, and whoever can be reached: those who know better will say so.
            round = new RegisterRound(new Ballot(++_counter, _name), [.. _acceptors.Union(peers.Known)], operation);
        }

        await RunAsync(round, options.RoundTimeout, cancellation);
        _counter = Math.Max(_counter, round.Seen.Counter);
        if (round.Outcome is RoundOutcome.Chosen chosen)
        {
            _counter = Math.Max(_counter, chosen.At.Counter);
            _acceptors = chosen.State.Acceptors;
        }

        return round;
    }

    /// <summary>Runs an exchange to its end, or for <paramref name="timeout"/>; the caller sees which.</summary>
    public async Task RunAsync(RegisterExchange exchange, TimeSpan timeout, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            Invariant.Check(_running is null, "a proposer runs one exchange at a time");
            (_running, _over) = (exchange, over);
        }

        try
        {
            Step(exchange, exchange.Begin);
            while (!over.Task.IsCompleted && time.GetElapsedTime(began) < timeout)
            {
                try
                {
                    await over.Task.WaitAsync(options.RepeatAfter, time, cancellation);
                }
                catch (TimeoutException)
                {
                    Step(exchange, exchange.Repeat);
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                (_running, _over) = (null, null);
            }
        }
    }

    /// <summary>An answer from an acceptor; one that nobody waits for is dropped.</summary>
    public void Receive(ReplicaId from, PeerMessage message)
    {
        RegisterExchange? running;
        lock (_gate)
        {
            running = _running;
        }

        if (running is not null)
        {
            Step(running, outbox => running.Receive(from, message, outbox));
        }
    }

    // What is to be sent leaves outside the lock: an answer may come back on the same stack.
    private void Step(RegisterExchange exchange, Action<ICollection<RegisterSend>> action)
    {
        var outbox = new List<RegisterSend>();
        lock (_gate)
        {
            if (_running != exchange)
            {
                return;
            }

            action(outbox);
            if (exchange.IsOver)
            {
                _over!.TrySetResult();
            }
        }

        foreach (var (to, message) in outbox)
        {
            peers.TrySend(to, message);
        }
    }
}
