using ControlPlane.Primitives;

namespace ControlPlane.Simulation.Workers;

/// <summary>What a gate says to one invocation.</summary>
internal enum GateAnswer
{
    /// <summary>It runs.</summary>
    Ran,

    /// <summary>The token is newer than what the plane has pushed.</summary>
    AwaitGrant,

    /// <summary>A higher position has been seen, or the token was never granted.</summary>
    Stale,

    /// <summary>The lease's time is over on the worker's clock.</summary>
    Expired,

    /// <summary>The sandbox is not here.</summary>
    NoSandbox,
}

/// <summary>A gate by the rules of <c>src/Worker/README.md</c>: the highest position seen never falls, and everything below it is refused for ever.</summary>
internal sealed class SimulatedGate(SequenceNumber highest)
{
    private (FencingToken Fence, TenantName Tenant, long Ends)? _grant;
    private FencingToken? _confirmed;

    public SequenceNumber Highest { get; private set; } = highest;

    public void Push(FencingToken fence, TenantName tenant, long ends)
    {
        if (fence.Position >= Highest)
        {
            Highest = fence.Position;
            _grant = (fence, tenant, ends);
        }
    }

    public void Revoke(SequenceNumber floor)
    {
        Highest = floor > Highest ? floor : Highest;
        if (_grant is { } grant && grant.Fence.Position < floor)
        {
            _grant = null;
        }
    }

    public GateAnswer Judge(FencingToken token, TenantName tenant, long now) => token.Position switch
    {
        var position when position < Highest => GateAnswer.Stale,
        var position when position > Highest || _grant is null => GateAnswer.AwaitGrant,
        _ when _grant.Value.Fence.Epoch != token.Epoch || _grant.Value.Tenant != tenant => GateAnswer.Stale,
        _ when now >= _grant.Value.Ends => GateAnswer.Expired,
        _ => GateAnswer.Ran,
    };

    /// <summary>True at a token's first use.</summary>
    public bool Enter(FencingToken token)
    {
        var isFirst = _confirmed != token;
        _confirmed = token;
        return isFirst;
    }
}
