using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>What became of a request: <c>held</c>, <c>partlyEnded</c>, <c>ended</c> or <c>waiting</c>.</summary>
internal sealed record RequestView(string RequestId, string State, IReadOnlyList<LeaseView> Leases) : View
{
    public static RequestView Of(string requestId, LookupRequestResponse response) =>
        new(requestId, Words.Of(response.State), [.. response.Leases.Select(LeaseView.Of)]);

    public override IRenderable Render() => Leases.Count == 0
        ? Layout.Properties(("request", RequestId), ("state", State))
        : Layout.Stack(Layout.Properties(("request", RequestId), ("state", State)), new LeaseListView(0, Leases).Render());
}
