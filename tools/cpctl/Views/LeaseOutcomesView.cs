using System.Globalization;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>What became of each lease of a renewal or release, in the order in which they were named.</summary>
internal sealed record LeaseOutcomesView(IReadOnlyList<LeaseOutcomesView.Item> Leases) : View
{
    /// <summary>One lease; <c>error</c> only if it was refused.</summary>
    internal sealed record Item(string Lease, string Result, long? TtlMs = null, uint? RenewSequence = null, ItemError? Error = null);

    internal sealed record ItemError(string Reason, string Message);

    public bool AllDone() => Leases.All(item => item.Error is null);

    public static LeaseOutcomesView Of(IReadOnlyList<LeaseReference> leases, IReadOnlyList<RenewResponse.Types.Item> answers) =>
        new([.. leases.Zip(answers, (lease, answer) => answer.Renewed is { } renewed
            ? new Item(lease.ToString(), "renewed", renewed.TtlMs, renewed.RenewSequence)
            : Refused(lease, answer.Refused))]);

    public static LeaseOutcomesView Of(IReadOnlyList<LeaseReference> leases, IReadOnlyList<ReleaseResponse.Types.Item> answers) =>
        new([.. leases.Zip(answers, (lease, answer) => answer.Released is { } released
            ? new Item(lease.ToString(), released.Replayed ? "alreadyReleased" : "released")
            : Refused(lease, answer.Refused))]);

    public override IRenderable Render() => Layout.Table(
        ["LEASE", "RESULT", "DETAIL"],
        Leases.Select(item => new[] { item.Lease, Words.Spaced(item.Result), Detail(item) }),
        "no leases");

    private static string Detail(Item item) => item switch
    {
        { Error: { } error } => $"{error.Reason}: {error.Message}",
        { TtlMs: { } ttl } => string.Create(CultureInfo.InvariantCulture, $"{Duration.FromMilliseconds(ttl)} (renewal {item.RenewSequence})"),
        _ => "",
    };

    private static Item Refused(LeaseReference lease, Refusal refusal) =>
        new(lease.ToString(), "refused", Error: new ItemError(ReasonNames.Of(refusal.Reason), refusal.Message));
}
