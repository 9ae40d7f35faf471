using System.Globalization;
using ControlPlane.Chaos.Recording;
using ControlPlane.Primitives;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Checks;

/// <summary>A recorded run as the history that <c>src/Verification</c> judges.</summary>
internal static class HistoryConversion
{
    /// <summary>What clients knew at a moment: calls that were under way then may have taken effect.</summary>
    /// <param name="operations">All calls.</param>
    /// <param name="endedSandboxes">Sandboxes that the plane gave up: their leases ended without their holders, nobody knows exactly when.</param>
    /// <param name="until">The moment, in microseconds.</param>
    public static LeaseHistory Of(IReadOnlyList<Operation> operations, IReadOnlySet<string> endedSandboxes, long until = long.MaxValue)
    {
        var history = new LeaseHistory();
        var leasesOf = operations.Where(operation => operation is { Kind: OperationKind.Allocate, Leases.Count: > 0 })
            .GroupBy(operation => operation.Request!).ToDictionary(granted => granted.Key, granted => granted.First().Leases!);
        foreach (var operation in operations.Where(operation => operation.From <= until))
        {
            var known = operation.To <= until ? operation : operation with { To = until, Outcome = OperationOutcome.Unknown, Leases = null, Position = null };
            foreach (var converted in Convert(known, leasesOf))
            {
                history.Add(converted);
            }

            foreach (var lost in known is { Kind: OperationKind.Allocate, Leases: { } leases } ? leases.Where(lease => endedSandboxes.Contains(lease.Sandbox)) : [])
            {
                history.Add(new ReleaseOperation(Time(known.To), Time(known.To), OperationOutcome.Unknown, LeaseOf(lost.Lease)));
            }
        }

        return history;
    }

    public static GrantedLease Granted(LeaseRecord lease) => new(LeaseOf(lease.Lease), SandboxOf(lease.Sandbox), TokenOf(lease.Token), TimeSpan.FromMilliseconds(lease.TtlMs));

    private static IEnumerable<LeaseOperation> Convert(Operation operation, Dictionary<string, IReadOnlyList<LeaseRecord>> leasesOf)
    {
        var (from, to) = (Time(operation.From), Time(operation.To));
        switch (operation.Kind)
        {
            case OperationKind.Allocate:
                yield return new AllocateOperation(from, to, operation.Outcome, RequestOf(operation.Request!), [.. (operation.Leases ?? []).Select(Granted)], operation.Replayed ?? false);
                break;
            case OperationKind.Renew:
                yield return new RenewOperation(from, to, operation.Outcome, LeaseOf(operation.Lease!), TimeSpan.FromMilliseconds(operation.TtlMs!.Value));
                break;
            case OperationKind.Release:
                yield return new ReleaseOperation(from, to, operation.Outcome, LeaseOf(operation.Lease!));
                break;
            case OperationKind.Invoke:
                yield return new InvokeOperation(from, to, operation.Outcome, SandboxOf(operation.Sandbox!), TokenOf(operation.Token!));
                break;
            case OperationKind.List when operation.Outcome == OperationOutcome.Ok:
                yield return new ListOperation(from, to, [.. operation.Leases!.Select(Granted)]);
                break;

            // An answer with leases is an answer to the request once more; one that says they have ended, or were never, denies them to their holder.
            case OperationKind.Lookup when operation is { Outcome: OperationOutcome.Ok, Leases: { } leases }:
                yield return new AllocateOperation(from, to, OperationOutcome.Ok, RequestOf(operation.Request!), [.. leases.Select(Granted)], true);
                break;
            case OperationKind.Lookup when operation.Outcome is OperationOutcome.Ok or OperationOutcome.Denied:
                foreach (var lease in leasesOf.GetValueOrDefault(operation.Request!) ?? [])
                {
                    yield return new RenewOperation(from, to, OperationOutcome.Denied, LeaseOf(lease.Lease), TimeSpan.FromMilliseconds(lease.TtlMs));
                }

                break;
        }
    }

    private static TimeSpan Time(long microseconds) => TimeSpan.FromMicroseconds(microseconds);

    private static RequestId RequestOf(string text) => new(UInt128.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static LeaseId LeaseOf(string text) => LeaseId.TryParse(text, out var id) ? id : throw new FormatException($"{text} is not a lease");

    private static SandboxId SandboxOf(string text) => SandboxId.TryParse(text, out var id) ? id : throw new FormatException($"{text} is not a sandbox");

    private static FencingToken TokenOf(string text)
    {
        var parts = text.Split('.');
        return new FencingToken(new Epoch(ulong.Parse(parts[0], CultureInfo.InvariantCulture)), new SequenceNumber(ulong.Parse(parts[1], CultureInfo.InvariantCulture)));
    }
}
