using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>What a cancellation ended.</summary>
internal sealed record CancellationView(string RequestId, uint Ended, bool WasWaiting) : View
{
    public override IRenderable Render() => Layout.Line((WasWaiting, Ended) switch
    {
        (true, _) => $"request {RequestId} was waiting and is dropped",
        (_, 0) => $"request {RequestId} held nothing",
        _ => $"request {RequestId}: {Ended} lease(s) ended",
    });
}
