using ControlPlane.Client;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary>What to do about each reason; one line for people.</summary>
internal static class Remedies
{
    public static string For(ControlPlaneException failure) => failure.Outcome switch
    {
        CallOutcome.Unreachable => "Start one with `cpctl dev`, or name another with --address.",
        CallOutcome.Unknown when failure.RequestId is { } id => $"It may have been granted: `cpctl lookup {id}` tells, or repeat with --request-id {id}.",
        CallOutcome.Unknown => "It may have been applied: look before repeating it.",
        CallOutcome.Faulted => "This is a fault of the server: its log says more.",
        _ => For(failure.Reason),
    };

    private static string For(ErrorReason reason) => reason switch
    {
        ErrorReason.TenantLimit => "Release leases, or raise the limit with `cpctl tenant limit`.",
        ErrorReason.FunctionLimit => "Release leases of the function, or deploy it with a higher --reserved-concurrency.",
        ErrorReason.NoWarm => "Allow a new sandbox with --cold allow --max-wait 10s, or keep some ready with `cpctl function deploy --warm`.",
        ErrorReason.NoCapacity => "`cpctl explain` shows what was considered; add workers or wait with --max-wait.",
        ErrorReason.Overloaded => "Try again in a moment.",
        ErrorReason.NotLeader => "Name the leading node with --address.",
        ErrorReason.DeadlineBeforeAppend => "Nothing happened; wait longer with --max-wait and --timeout.",
        ErrorReason.RequestIdReused => "The id belongs to a request with other parameters: leave --request-id out, or repeat those.",
        ErrorReason.StaleFence => "The sandbox has a newer holder: allocate anew.",
        ErrorReason.LeaseEnded => "Allocate anew; renew in time, or ask for a longer --ttl.",
        ErrorReason.WrongIncarnation => "Another worker of this name has registered since: give this one another name.",
        ErrorReason.TailMismatch => "Read from the tail that is named and decide again.",
        ErrorReason.Fenced => "A newer writer holds the journal: stop writing.",
        ErrorReason.JournalOwned => "Only the worker manager writes to it; append to a journal of your own.",
        ErrorReason.UnknownFunction => "`cpctl function list` shows what is deployed.",
        ErrorReason.UnknownLease => "`cpctl lease list` shows what is held.",
        ErrorReason.UnknownRequest => "It was never journaled, or is forgotten.",
        ErrorReason.UnknownWorker => "`cpctl worker list` shows the known ones.",
        ErrorReason.UnknownJournal => "Name it in the node's configuration under Journals.",
        ErrorReason.NoSuccessor => "See with `cpctl status` at the leader which nodes follow; start the others, and ask again.",
        ErrorReason.NoReplacement => "See with `cpctl status` at the leader how the replicas stand; what was done is kept, so that the same command goes on.",
        ErrorReason.PartitionsDiffer => "A worker divides its capacity as the plane says: update the worker, or dial the plane that it belongs to.",
        ErrorReason.NoSnapshot => "Store a snapshot first.",
        ErrorReason.Trimmed => "Start at the head that is named.",
        ErrorReason.BeyondTail => "Start at the tail that is named, or at 0 for what comes from now on.",
        ErrorReason.InvalidField => "Correct the fields that are named.",
        ErrorReason.Unsupported => "This version does not have it.",
        ErrorReason.FunctionTimeout => "Deploy it with a longer --function-timeout, or make it faster.",
        ErrorReason.SandboxDied => "Its worker's log and the function's log say why; allocate anew.",
        ErrorReason.NoIdentity => "`cpctl certs show FILE` says what the certificate names; have one issued with `cpctl certs issue`.",
        ErrorReason.RoleNotAllowed => "Use a certificate of a role that may, with --cert and --key.",
        ErrorReason.TenantMismatch => "Name the certificate's own tenant with --tenant, or use an operator's certificate.",
        ErrorReason.WorkerMismatch => "Start the worker under its certificate's name.",
        ErrorReason.JournalMismatch => "Name the journal as the certificate does, or use an operator's certificate.",
        _ => "",
    };
}
