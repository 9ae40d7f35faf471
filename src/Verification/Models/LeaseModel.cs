using ControlPlane.Primitives;
using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Models;

/// <summary>The leases of one sandbox.</summary>
/// <param name="Highest">The highest token ever granted.</param>
/// <param name="IsHeld">Whether its lease still lasts.</param>
public readonly record struct LeaseModelState(FencingToken Highest, bool IsHeld);

/// <summary>
/// Leases, sandbox by sandbox: granted only while it is free and with a token above all before; renewed and released only by the present
/// token; refused to a holder only if it is none. Time is not in it: that a lease ends by itself is an event in the journal, which is
/// in the history like a exchange.
/// </summary>
public sealed class LeaseModel : ISequentialModel<LeaseModelState, LeaseCall>
{
    /// <inheritdoc/>
    public LeaseModelState Initial => default;

    /// <inheritdoc/>
    public string PartOf(LeaseCall exchange) => exchange.Sandbox.ToString();

    /// <inheritdoc/>
    public bool TryStep(LeaseModelState state, LeaseCall exchange, out LeaseModelState after)
    {
        var isCurrent = state.IsHeld && state.Highest == exchange.Token;
        var isPossible = exchange.Function == LeaseFunction.Allocate ? !state.IsHeld && exchange.Token > state.Highest : isCurrent;
        after = (exchange.Function, isPossible, exchange.Answer) switch
        {
            (_, false, _) or (_, _, LeaseAnswer.NotHeld) => state,
            (LeaseFunction.Allocate, _, _) => new LeaseModelState(exchange.Token, IsHeld: true),
            (LeaseFunction.Renew, _, _) => state,
            _ => state with { IsHeld = false },
        };
        return exchange.Answer switch
        {
            LeaseAnswer.None => true,
            LeaseAnswer.Ok => isPossible,
            _ => !isPossible && exchange.Function is LeaseFunction.Renew or LeaseFunction.Release,
        };
    }

    /// <inheritdoc/>
    public string Describe(LeaseModelState state) => state switch
    {
        { IsHeld: true } => $"it is held with token {state.Highest}",
        { Highest.Position.Value: 0 } => "it has never been held",
        _ => $"it is free, last held with token {state.Highest}",
    };
}
