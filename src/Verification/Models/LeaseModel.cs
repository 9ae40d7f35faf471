using ControlPlane.Primitives;
using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Models;

/// <summary>What became of the last lease of a sandbox.</summary>
public enum LeaseStanding
{
    /// <summary>There has been none.</summary>
    Never,

    /// <summary>It lasts.</summary>
    Held,

    /// <summary>Its holder gave it back.</summary>
    Released,

    /// <summary>It ended by itself.</summary>
    Ended,
}

/// <summary>The leases of one sandbox.</summary>
/// <param name="Highest">The highest token ever granted, which is that of the last lease.</param>
/// <param name="Standing">What became of it.</param>
public readonly record struct LeaseModelState(FencingToken Highest, LeaseStanding Standing);

/// <summary>
/// Leases, sandbox by sandbox: granted only while it is free and with a token above all before; renewed and released only by the present
/// token; refused to a holder only if it is none; a release may be repeated. Time is not in it: that a lease ends by itself is an event in the journal, which is
/// in the history like any exchange.
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
        var isLast = exchange.Token == state.Highest;
        var isHeld = state.Standing == LeaseStanding.Held;
        var isPossible = exchange.Function == LeaseFunction.Allocate ? !isHeld && exchange.Token > state.Highest : isHeld && isLast;
        var happens = isPossible && exchange.Answer is (LeaseAnswer.None or LeaseAnswer.Ok);
        after = exchange.Function switch
        {
            _ when !happens => state,
            LeaseFunction.Allocate => new LeaseModelState(exchange.Token, LeaseStanding.Held),
            LeaseFunction.Release => state with { Standing = LeaseStanding.Released },
            LeaseFunction.End => state with { Standing = LeaseStanding.Ended },
            _ => state,
        };
        return exchange.Answer switch
        {
            LeaseAnswer.None => true,
            LeaseAnswer.Ok => isPossible,

            // How leases before the last one ended is not remembered.
            LeaseAnswer.Repeated => exchange.Function == LeaseFunction.Release
                && (isLast ? state.Standing == LeaseStanding.Released : exchange.Token < state.Highest),
            _ => !isPossible && exchange.Function is (LeaseFunction.Renew or LeaseFunction.Release),
        };
    }

    /// <inheritdoc/>
    public string Describe(LeaseModelState state) => state.Standing switch
    {
        LeaseStanding.Never => "it has never been held",
        LeaseStanding.Held => $"it is held with token {state.Highest}",
        LeaseStanding.Released => $"it is free, and token {state.Highest} was released",
        _ => $"it is free, and the lease with token {state.Highest} has ended",
    };
}
