using ControlPlane.Simulation.Clients;
using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Time;
using ControlPlane.Simulation.Workers;
using ControlPlane.Verification;
using ControlPlane.Verification.Histories;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Simulation.Checks;

/// <summary>What the clients of the worker manager did and learned, for the checks of <c>src/Verification</c>; and what can be told to be wrong at once.</summary>
internal sealed class LeaseRecord(World world)
{
    // A leader's clock that runs fast beyond the drift that leases allow for ends them early on everybody else's: what is demanded is less then.
    private readonly int _timePermille = world.Knobs.FaultKinds.Contains(FaultKind.ClockRate) ? 1_020 * 1_000 / FaultPlanning.ClockRateMax : 1_000;

    /// <summary>Everything so far.</summary>
    public LeaseHistory History { get; } = new();

    public void Allocated(AllocateRequest request, in Attempt attempt)
    {
        var said = (attempt.Answer as CallAnswer.Said)?.Outcome;
        var leases = said is Granted granted ? granted.Leases : [];
        History.Add(new AllocateOperation(
            At(attempt.Invoked),
            At(attempt.Completed),
            said is Granted ? OperationOutcome.Ok : OutcomeOf(attempt.Answer),
            request.Request,
            [.. leases.Select(lease => Told(lease, request.ConfirmWithin))],
            leases.Count > 0 && leases[0].Replayed));
        foreach (var lease in leases)
        {
            if (lease.Id.Position > world.Ledger.Last)
            {
                throw new ViolationException("GrantIsCommitted", $"lease {lease.Id} was told when only {world.Ledger.Last} was committed");
            }
        }
    }

    public void Renewed(LeaseView lease, TimeSpan ttl, in Attempt attempt)
    {
        var result = ((attempt.Answer as CallAnswer.Said)?.Outcome as RenewAnswered)?.Results[0];
        History.Add(new RenewOperation(
            At(attempt.Invoked), At(attempt.Completed), result is { } known ? OutcomeOf(known.Rejection) : OutcomeOf(attempt.Answer), lease.Id, Scaled(ttl)));
    }

    public void Released(IReadOnlyList<LeaseView> leases, in Attempt attempt)
    {
        var results = ((attempt.Answer as CallAnswer.Said)?.Outcome as ReleaseAnswered)?.Results;
        for (var i = 0; i < leases.Count; i++)
        {
            var outcome = results is null ? OutcomeOf(attempt.Answer) : OutcomeOf(results[i].Rejection);
            History.Add(new ReleaseOperation(At(attempt.Invoked), At(attempt.Completed), outcome, leases[i].Id));
        }
    }

    /// <summary>A release with a token that is not the lease's own.</summary>
    public static void Pretended(HeldLease held, in Attempt attempt)
    {
        if (((attempt.Answer as CallAnswer.Said)?.Outcome as ReleaseAnswered)?.Results is [{ Rejection: null }])
        {
            throw new ViolationException("OwnTokenOnly", $"lease {held.Id} was released by token {held.Fence}, which is not its own");
        }
    }

    public void Invoked(LeaseView lease, long invoked, GateAnswer answer) => History.Add(new InvokeOperation(
        At(invoked), At(world.Agenda.Now), answer == GateAnswer.Ran ? OperationOutcome.Ok : OperationOutcome.Refused, lease.Sandbox, lease.Fence));

    /// <summary>At the end: every check of histories.</summary>
    public void CheckAll()
    {
        if (LeaseVerification.Check(History) is [var first, ..])
        {
            throw new ViolationException(first.Check, first.Sentence);
        }
    }

    private GrantedLease Told(LeaseView lease, TimeSpan confirmWithin) => new(
        lease.Id, lease.Sandbox, lease.Fence, Scaled(confirmWithin > TimeSpan.Zero && confirmWithin < lease.Ttl ? confirmWithin : lease.Ttl));

    private TimeSpan Scaled(TimeSpan time) => TimeSpan.FromTicks(time.Ticks * _timePermille / 1_000);

    private static TimeSpan At(long time) => Durations.ToTimeSpan(time);

    private static OperationOutcome OutcomeOf(CallAnswer answer) => answer switch
    {
        CallAnswer.Unknown => OperationOutcome.Unknown,
        CallAnswer.Said { Outcome: Refused refused } => OutcomeOf(refused.Rejection),
        _ => OperationOutcome.Refused,
    };

    private static OperationOutcome OutcomeOf(Rejection? rejection) => rejection?.Reason switch
    {
        null => OperationOutcome.Ok,
        RejectionReason.LeaseEnded or RejectionReason.StaleFence or RejectionReason.UnknownLease => OperationOutcome.Denied,
        _ => OperationOutcome.Refused,
    };
}
