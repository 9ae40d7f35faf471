using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Validation;
using ControlPlane.WorkerManager.Entries;
using ControlPlane.WorkerManager.Outcomes;
using Google.Protobuf;

namespace ControlPlane.Server.Answers;

/// <summary>Leases and what was done to them, as callers see them.</summary>
internal static class LeaseAnswers
{
    /// <summary>A lease.</summary>
    /// <param name="view">As the worker manager answered it.</param>
    /// <param name="committed">Position up to which the journal was committed when this is answered.</param>
    public static Lease ToWire(this LeaseView view, SequenceNumber committed) => new()
    {
        Id = view.Id.ToWire(),
        Sandbox = view.Sandbox.ToWire(),
        Endpoint = view.Endpoint,
        Fence = view.Fence.ToWire(),
        TtlMs = (long)view.Ttl.TotalMilliseconds,
        Warm = view.Warm,
        ChosenBecause = NameOf(view.ChosenBecause),
        Replayed = view.Replayed,
        CommitPosition = committed.Value,
        Function = view.Function.Value,
        FunctionVersion = view.FunctionVersion,
        Worker = view.Worker.Value,
        RequestId = UnsafeByteOperations.UnsafeWrap(view.Request.ToByteArray()),
        Tenant = view.Tenant.Value,
        RenewSequence = view.RenewSequence,
        Confirmed = view.Confirmed,
    };

    /// <summary>What a grant answers.</summary>
    public static AllocateResponse ToWire(this Granted granted, SequenceNumber committed)
    {
        var response = new AllocateResponse();
        foreach (var lease in granted.Leases)
        {
            response.Leases.Add(lease.ToWire(committed));
        }

        return response;
    }

    /// <summary>One outcome among several.</summary>
    public static AllocateOutcome ToWire(this Outcome outcome, SequenceNumber committed) => outcome switch
    {
        Granted granted => new AllocateOutcome { Granted = granted.ToWire(committed) },
        Refused refused => new AllocateOutcome { Refused = refused.Rejection.ToRefusal() },
        _ => throw new InvariantViolationException($"an allocation is granted or refused, not {outcome.GetType().Name}"),
    };

    /// <summary>The answers of a Renew in the order of its items.</summary>
    public static RenewResponse ToWire(this RenewAnswered? answered, CheckedItems<WorkerManager.Commands.RenewItem> items)
    {
        var response = new RenewResponse();
        for (int i = 0, next = 0; i < items.Count; i++)
        {
            var item = new RenewResponse.Types.Item();
            if (items.ViolationsAt(i) is { } violations)
            {
                item.Refused = violations.ToRefusal();
            }
            else if (answered!.Results[next++] is { Rejection: { } rejection })
            {
                item.Refused = rejection.ToRefusal();
            }
            else
            {
                var renewed = answered.Results[next - 1];
                item.Renewed = new RenewResponse.Types.Renewed { RenewSequence = renewed.RenewSequence, TtlMs = (long)renewed.Ttl.TotalMilliseconds };
            }

            response.Items.Add(item);
        }

        return response;
    }

    /// <summary>The answers of a Release in the order of its leases.</summary>
    public static ReleaseResponse ToWire(this ReleaseAnswered? answered, CheckedItems<WorkerManager.Commands.HeldLease> items)
    {
        var response = new ReleaseResponse();
        for (int i = 0, next = 0; i < items.Count; i++)
        {
            var item = new ReleaseResponse.Types.Item();
            if (items.ViolationsAt(i) is { } violations)
            {
                item.Refused = violations.ToRefusal();
            }
            else if (answered!.Results[next++] is { Rejection: { } rejection })
            {
                item.Refused = rejection.ToRefusal();
            }
            else
            {
                item.Released = new ReleaseResponse.Types.Released { Replayed = answered.Results[next - 1].Replayed };
            }

            response.Items.Add(item);
        }

        return response;
    }

    private static string NameOf(ChoiceReason reason) => reason switch
    {
        ChoiceReason.WarmRecent => "WARM_RECENT",
        ChoiceReason.WarmSticky => "WARM_STICKY",
        ChoiceReason.Cold => "COLD",
        ChoiceReason.Reserved => "RESERVED",
        ChoiceReason.HandedOver => "HANDED_OVER",
        _ => "",
    };
}
