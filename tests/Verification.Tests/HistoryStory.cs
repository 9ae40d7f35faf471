using ControlPlane.Primitives;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Verification.Tests;

/// <summary>Writes histories by hand. Times are whole seconds; a call takes from one to another; a lease's token is its number, its reign the first.</summary>
internal sealed class HistoryStory
{
    private static readonly PartitionId Partition = new(0);

    public LeaseHistory History { get; } = new();

    public static GrantedLease Lease(ulong number, ulong sandbox, double ttl = 100, ulong epoch = 1, ulong? token = null) => new(
        new LeaseId(Partition, new SequenceNumber(number)),
        new SandboxId(Partition, new SequenceNumber(sandbox)),
        new FencingToken(new Epoch(epoch), new SequenceNumber(token ?? number)),
        TimeSpan.FromSeconds(ttl));

    public static RequestId Request(ulong number) => new(number);

    public HistoryStory Granted(double from, double to, ulong request, GrantedLease lease, bool replayed = false) =>
        Add(new AllocateOperation(At(from), At(to), OperationOutcome.Ok, Request(request), [lease], replayed));

    public HistoryStory NeverAnswered(double from, double to, ulong request) =>
        Add(new AllocateOperation(At(from), At(to), OperationOutcome.Unknown, Request(request), [], Replayed: false));

    public HistoryStory Renewed(double from, double to, GrantedLease lease, double ttl, OperationOutcome outcome = OperationOutcome.Ok) =>
        Add(new RenewOperation(At(from), At(to), outcome, lease.Id, At(ttl)));

    public HistoryStory Released(double from, double to, GrantedLease lease, OperationOutcome outcome = OperationOutcome.Ok) =>
        Add(new ReleaseOperation(At(from), At(to), outcome, lease.Id));

    public HistoryStory Ran(double from, double to, GrantedLease lease, OperationOutcome outcome = OperationOutcome.Ok) =>
        Add(new InvokeOperation(At(from), At(to), outcome, lease.Sandbox, lease.Fence));

    public HistoryStory Listed(double from, double to, params GrantedLease[] held) => Add(new ListOperation(At(from), At(to), held));

    private HistoryStory Add(LeaseOperation operation)
    {
        History.Add(operation);
        return this;
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
