using ControlPlane.Primitives;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Tests.Linearizability;

/// <summary>The search and the definition agree on thousands of small random histories of each model.</summary>
public sealed class AgainstAllOrdersTests
{
    private const int HistoriesPerModel = 3_000;
    private const int OperationsMax = 6;

    private static readonly SandboxId Sandbox = new(new PartitionId(0), new SequenceNumber(1));
    private static readonly string[] Texts = ["", "a", "b", "ab", "ba"];
    private static readonly UInt128[] Contents = [1, 2];

    [Fact]
    public void A_register() => Compare(new RegisterModel(), random =>
    {
        var function = (RegisterFunction)random.Below(3);
        return new RegisterCall(function, random.Below(2), function == RegisterFunction.CompareAndSet ? random.Below(2) : null, Answer(random));

        RegisterAnswer Answer(SeededRandom answers) =>
            function == RegisterFunction.CompareAndSet && answers.OneIn(3) ? RegisterAnswer.Mismatch : RegisterAnswer.Ok;
    });

    [Fact]
    public void A_key_value_store() => Compare(new KeyValueModel(), random => random.Below(3) switch
    {
        0 => new KeyValueCall(KeyValueFunction.Put, "k", random.OneIn(2) ? "a" : "b", IsAnswered: true),
        1 => new KeyValueCall(KeyValueFunction.Append, "k", random.OneIn(2) ? "a" : "b", IsAnswered: true),
        _ => new KeyValueCall(KeyValueFunction.Get, "k", Texts[random.Below(Texts.Length)], IsAnswered: true),
    });

    [Fact]
    public void A_lease() => Compare(new LeaseModel(), random =>
    {
        var function = (LeaseFunction)random.Below(4);
        LeaseAnswer[] answers = function switch
        {
            LeaseFunction.Renew => [LeaseAnswer.Ok, LeaseAnswer.NotHeld],
            LeaseFunction.Release => [LeaseAnswer.Ok, LeaseAnswer.NotHeld, LeaseAnswer.Repeated],
            _ => [LeaseAnswer.Ok],
        };
        return new LeaseCall(
            function,
            Sandbox,
            new FencingToken(new Epoch(1), new SequenceNumber(1 + (ulong)random.Below(3))),
            answers[random.Below(answers.Length)]);
    });

    [Fact]
    public void A_journal() => Compare(new JournalModel(), random =>
    {
        var position = new SequenceNumber((ulong)random.Below(4));
        if (random.OneIn(4))
        {
            return new JournalCall { Function = JournalFunction.ReadTail, Answer = JournalAnswer.Ok, Position = position };
        }

        var isConditional = random.OneIn(2);
        return new JournalCall
        {
            Function = JournalFunction.Append,
            Answer = isConditional && random.OneIn(2) ? JournalAnswer.TailMismatch : JournalAnswer.Ok,
            Client = new ClientId(1),
            Number = new ClientSequence((ulong)random.Below(3)),
            Contents = Contents.AsMemory(0, random.OneIn(4) ? 2 : 1),
            ExpectedTail = isConditional ? new SequenceNumber((ulong)random.Below(3)) : null,
            Position = position,
        };
    });

    private static void Compare<TState, TCall>(ISequentialModel<TState, TCall> model, Func<SeededRandom, TCall> call)
        where TState : notnull
    {
        var legal = 0;
        for (ulong seed = 1; seed <= HistoriesPerModel; seed++)
        {
            var history = Write(new SeededRandom(seed), call);
            var result = LinearizabilityCheck.Run(model, history, SearchLimits.Default);
            var isLegal = AllOrders.AnyIsLegal(model, history);
            Assert.True(isLegal == (result.Verdict == Verdict.Legal), $"seed {seed}: {string.Join("; ", history)}: {result}");
            legal += isLegal ? 1 : 0;
            if (result.Counterexample is { } counterexample)
            {
                AssertIsTrue(model, history, counterexample, seed);
            }
        }

        Assert.InRange(legal, HistoriesPerModel / 20, HistoriesPerModel * 19 / 20);
    }

    /// <summary>Without the operation that has no place there is an order of what had completed before it, the one that is shown; with it there is none.</summary>
    private static void AssertIsTrue<TState, TCall>(
        ISequentialModel<TState, TCall> model, List<Operation<TCall>> history, Counterexample<TCall> counterexample, ulong seed)
        where TState : notnull
    {
        var answer = counterexample.Unplaced.Completed!.Value;
        var begun = history.Where(operation => operation.Invoked <= answer).ToList();
        Assert.False(AllOrders.AnyIsLegal(model, begun, operation => operation.Completed <= answer), $"seed {seed}: {counterexample}");
        var state = model.Initial;
        Assert.All(counterexample.Prefix, operation => Assert.True(model.TryStep(state, operation.Call, out state)));
        Assert.Equal(counterexample.State, model.Describe(state));
        Assert.Subset(counterexample.Prefix.ToHashSet(), begun.Where(operation => operation.Completed < answer).ToHashSet());
        Assert.Equal(begun.ToHashSet(), counterexample.Prefix.Concat(counterexample.Open).Append(counterexample.Unplaced).ToHashSet());
    }

    /// <summary>Intervals whose ends are all different; now and then one that never ends, though its answer is known, which asks more of the search than none.</summary>
    private static List<Operation<TCall>> Write<TCall>(SeededRandom random, Func<SeededRandom, TCall> call)
    {
        var count = 1 + random.Below(OperationsMax);
        var ticks = Enumerable.Range(0, 2 * count).ToList();
        random.Shuffle(ticks);
        var spread = random.Below(2);
        return
        [
            .. Enumerable.Range(0, count).Select(number =>
            {
                // Half of the histories are nearly sequential: operations that all overlap are explained too easily.
                var (from, to) = spread == 0 ? (ticks[2 * number], ticks[(2 * number) + 1]) : (Math.Max(0, (2 * number) - (random.OneIn(3) ? 3 : 0)), (2 * number) + 1);
                return new Operation<TCall>(number, call(random), Math.Min(from, to), random.OneIn(6) ? null : Math.Max(from, to));
            }),
        ];
    }
}
