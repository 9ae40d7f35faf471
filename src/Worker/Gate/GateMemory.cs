using ControlPlane.Primitives;

namespace ControlPlane.Worker.Gate;

/// <summary>
/// What the gate knows about one sandbox, and its rules: pure, time is an argument. Safety rests on the highest position
/// alone, which never falls and is on disk before anything it admits begins; clocks can only make the gate refuse.
/// </summary>
/// <remarks>Not thread-safe: stepped under its sandbox's lock.</remarks>
internal sealed class GateMemory(SequenceNumber highest)
{
    private GateGrant? _grant;
    private FencingToken? _inUse;

    /// <summary>Highest position seen, of a grant or of a floor; everything below it is refused for ever.</summary>
    public SequenceNumber Highest { get; private set; } = highest;

    /// <summary>Highest floor that was imposed since the agent started; none if zero.</summary>
    public SequenceNumber Floor { get; private set; }

    /// <summary>The token of the invocation that is going on.</summary>
    public FencingToken? InUse => _inUse;

    /// <summary>The current grant, if its token was used.</summary>
    public FencingToken? Confirmed { get; private set; }

    /// <summary>The position that a grant or a floor would raise <see cref="Highest"/> to: to be persisted before it is taken in.</summary>
    public SequenceNumber RaisedBy(SequenceNumber position) => position > Highest ? position : Highest;

    /// <summary>Takes in a pushed grant or renewal. False if it is older than what was seen: it changes nothing.</summary>
    public bool Push(GateGrant grant)
    {
        if (grant.Fence.Position < Highest)
        {
            return false;
        }

        Highest = grant.Fence.Position;
        _grant = grant;
        return true;
    }

    /// <summary>Imposes a floor: the current grant is void if it lies below.</summary>
    public void Revoke(SequenceNumber floor)
    {
        Highest = RaisedBy(floor);
        Floor = floor > Floor ? floor : Floor;
        if (_grant is { } grant && grant.Fence.Position < floor)
        {
            _grant = null;
        }
    }

    /// <summary>True if the invocation that is going on has lost its right to a newer grant or to a floor, and must be ended.</summary>
    public bool UseIsOverdue => _inUse is { } use && use.Position < Highest;

    /// <summary>The decision table: the first row that fits.</summary>
    public GateVerdict Judge(FencingToken token, TenantName tenant, TimeSpan now) => token.Position switch
    {
        var position when position < Highest => GateVerdict.Stale,
        var position when position > Highest || _grant is null => GateVerdict.AwaitGrant,
        _ when _grant.Value.Fence.Epoch != token.Epoch => GateVerdict.Stale,
        _ when _grant.Value.Tenant != tenant => GateVerdict.WrongTenant,
        _ when now >= _grant.Value.Ends => GateVerdict.Expired,
        _ when _inUse is not null => GateVerdict.AwaitTurn,
        _ => GateVerdict.Admit,
    };

    /// <summary>Begins a use that <see cref="Judge"/> admitted; true if it is the first of this token.</summary>
    public bool Enter(FencingToken token)
    {
        Invariant.Check(_inUse is null, "one invocation at a time per sandbox");
        Invariant.Check(token.Position == Highest, "only the highest token enters");
        _inUse = token;
        var first = Confirmed != token;
        Confirmed = token;
        return first;
    }

    /// <summary>The invocation is over, or the process that ran it is no more.</summary>
    public void Leave() => _inUse = null;
}
