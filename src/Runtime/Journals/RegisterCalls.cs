using ControlPlane.Replication.Configuration;
using ControlPlane.Replication.Nodes;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Journals;

/// <summary>How a question to the register ended.</summary>
/// <param name="IsKnown">False: it cannot be told.</param>
/// <param name="Taken">A proposal's outcome.</param>
/// <param name="Version">A reading's version; 0: never written.</param>
/// <param name="Value">A reading's value.</param>
internal readonly record struct RegisterAnswer(bool IsKnown, bool Taken, ulong Version, JournalConfiguration? Value);

/// <summary>
/// Asks the register for a loop that never waits: an answer that is there at once is given at once, any other comes through the loop's mailbox.
/// One loop asks; a fault of the register's own disk ends it.
/// </summary>
internal sealed class RegisterCalls(IConfigRegister register, Func<EngineInput, bool> post) : IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private long _asked;

    /// <summary>
    /// Asks on a node's behalf, and gives it the answer, unless it has asked something else since. True if the answer was there at once. Loop only.
    /// </summary>
    public bool Ask(RegisterQuestion question, JournalNode node, Func<TimeSpan> now)
    {
        var number = ++_asked;
        var told = false;
        void Tell(RegisterAnswer answer)
        {
            told = true;
            if (number != _asked)
            {
                return;
            }

            if (question.Proposal is not null)
            {
                node.RegisterWritten(answer.IsKnown ? answer.Taken : null, now());
            }
            else if (answer.IsKnown)
            {
                node.RegisterRead(answer.Version, answer.Value, now());
            }
        }

        if (question.Proposal is { } proposal)
        {
            CompareAndSet(question.ExpectedVersion, proposal, Tell);
        }
        else
        {
            Read(Tell);
        }

        return told;
    }

    /// <summary>Reads; <paramref name="answer"/> is called once, inside the loop.</summary>
    public void Read(Action<RegisterAnswer> answer) => Ask(
        async token =>
        {
            var value = await register.ReadAsync(token);
            return new RegisterAnswer(true, false, value?.Version ?? 0, value is null ? null : JournalConfigurationCodec.Decode(value.Bytes.Span));
        },
        answer);

    /// <summary>Proposes; <paramref name="answer"/> is called once, inside the loop.</summary>
    public void CompareAndSet(ulong expectedVersion, JournalConfiguration value, Action<RegisterAnswer> answer) => Ask(
        async token => new RegisterAnswer(true, await register.TryCompareAndSetAsync(expectedVersion, JournalConfigurationCodec.Encode(value), token), 0, null),
        answer);

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private void Ask(Func<CancellationToken, Task<RegisterAnswer>> question, Action<RegisterAnswer> answer)
    {
        var asking = question(_closing.Token);
        if (asking.IsCompleted)
        {
            Tell(asking, answer);
        }
        else
        {
            _ = asking.ContinueWith(
                done => post(new RegisterAnswered(() => Tell(done, answer))),
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
        }
    }

    private static void Tell(Task<RegisterAnswer> done, Action<RegisterAnswer> answer)
    {
        var known = done.Exception?.InnerException is not RegisterUnavailableException && !done.IsCanceled;
#pragma warning disable VSTHRD002 // It is completed.
        answer(known ? done.GetAwaiter().GetResult() : default);
#pragma warning restore VSTHRD002
    }
}
