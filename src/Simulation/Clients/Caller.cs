using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Clients;

/// <summary>One attempt that is over.</summary>
/// <param name="Invoked">When it was sent.</param>
/// <param name="Completed">When it was answered or given up.</param>
/// <param name="Answer">What was learned.</param>
internal readonly record struct Attempt(long Invoked, long Completed, CallAnswer Answer);

/// <summary>
/// Sends one question until it is answered, by the rules of <c>Client/Calls/CallRunner</c>: the same question each time, so that it carries the same
/// ids; a hint is followed at once, a node that does not answer is given up for another, and waits double with jitter.
/// </summary>
internal sealed class Caller(World world, DrawStream draws)
{
    private const long BackoffFirst = 20 * Durations.Millisecond;
    private const long BackoffMax = 250 * Durations.Millisecond;
    private const long Patience = 1_250 * Durations.Millisecond;

    private int _node = draws.Below(world.Nodes.Count);

    /// <summary>Asks; <paramref name="attempted"/> is told of every attempt, <paramref name="answered"/> of the answer.</summary>
    /// <param name="question">The same for each attempt.</param>
    /// <param name="attempted">Each attempt, answered or given up.</param>
    /// <param name="answered">The end.</param>
    /// <param name="waits">How long the plane itself may let it wait, besides.</param>
    public void Ask(Question question, Action<Attempt> attempted, Action<CallAnswer> answered, long waits = 0) =>
        Try(question, attempted, answered, Patience + waits, 1);

    private void Try(Question question, Action<Attempt> attempted, Action<CallAnswer> answered, long patience, int number)
    {
        var invoked = world.Agenda.Now;
        var node = _node;
        void Over(CallAnswer answer)
        {
            attempted(new Attempt(invoked, world.Agenda.Now, answer));
            var wait = Math.Min(BackoffFirst << Math.Min(number - 1, 10), BackoffMax);
            wait = (wait / 2) + (long)(draws.Next() % (ulong)wait / 2);
            switch (answer)
            {
                case CallAnswer.NotLeader { Hint: { } hint } when hint != node:
                    _node = hint;
                    wait = number == 1 ? 0 : wait;
                    break;
                case CallAnswer.NotLeader or CallAnswer.Unreachable or CallAnswer.Unknown:
                    _node = (node + 1) % world.Nodes.Count;
                    break;
                default:
                    answered(answer);
                    return;
            }

            if (answer is CallAnswer.Unknown)
            {
                world.Coverage.Hit("an outcome was unknown");
            }

            world.Agenda.In(wait, () => Try(question, attempted, answered, patience, number + 1));
        }

        var call = world.Calls.Send(node, question, Over);
        world.Agenda.In(patience, () =>
        {
            if (!call.IsOver)
            {
                call.GiveUp();
                Over(new CallAnswer.Unknown());
            }
        });
    }
}
