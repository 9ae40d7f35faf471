using ControlPlane.Chaos.Cluster;
using ControlPlane.Links;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>Links that are cut, late, lossy, narrow or reset.</summary>
internal sealed class NetworkFaults(FaultGround ground) : IFaultFamily
{
    private const double UsualLoss = 0.05;
    private const long UsualBytesPerSecond = 50_000;
    private static readonly TimeSpan UsualDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan UsualGap = TimeSpan.FromMilliseconds(300);

    public IEnumerable<(FaultKind Kind, Func<Strike, Task> StrikeAsync)> Ways =>
    [
        (FaultKind.Isolate, strike => HoldAsync(strike, new LinkState(IsClosed: true), Touching(strike))),
        (FaultKind.OneWay, strike => HoldAsync(strike, new LinkState(IsClosed: true), Touching(strike, strike.Fault.Direction ?? LinkDirection.From))),
        (FaultKind.Halves, strike => HoldAsync(strike, new LinkState(IsClosed: true), BetweenHalves(strike, bridge: null))),
        (FaultKind.Bridge, strike => HoldAsync(strike, new LinkState(IsClosed: true), BetweenHalves(strike, bridge: strike.Node))),
        (FaultKind.Ring, strike => HoldAsync(strike, new LinkState(IsClosed: true), AgainstTheRing)),
        (FaultKind.Flapping, FlapAsync),
        (FaultKind.Delay, strike => HoldAsync(strike, new LinkState(Delay: strike.Fault.Delay ?? UsualDelay, Jitter: strike.Fault.Jitter ?? TimeSpan.Zero), Touching(strike, strike.Fault.Direction ?? LinkDirection.Both))),
        (FaultKind.Loss, strike => HoldAsync(strike, new LinkState(LossShare: strike.Fault.Share ?? UsualLoss), Touching(strike, strike.Fault.Direction ?? LinkDirection.Both))),
        (FaultKind.SlowLink, strike => HoldAsync(strike, new LinkState(BytesPerSecond: strike.Fault.BytesPerSecond ?? UsualBytesPerSecond), Touching(strike, strike.Fault.Direction ?? LinkDirection.Both))),
        (FaultKind.Reset, ResetAsync),
        (FaultKind.DroppedReplies, DropRepliesAsync),
    ];

    public static bool IsOfLinks(FaultKind kind) => kind is >= FaultKind.Isolate and <= FaultKind.DroppedReplies;

    private static Func<int, int, bool> Touching(Strike strike, LinkDirection direction = LinkDirection.Both)
    {
        var scope = strike.Fault.Links ?? LinkScope.Peers;
        var hit = strike.Targets.Select(member => ((ChaosNode)member).Place.Index).ToHashSet();
        return (speaker, hearer) =>
        {
            var isOutside = speaker == ClusterNetwork.Outside || hearer == ClusterNetwork.Outside;
            var isMeant = scope == LinkScope.All || isOutside == (scope == LinkScope.Clients);
            return isMeant && ((direction != LinkDirection.To && hit.Contains(speaker)) || (direction != LinkDirection.From && hit.Contains(hearer)));
        };
    }

    private Func<int, int, bool> BetweenHalves(Strike strike, ChaosNode? bridge)
    {
        // The smaller half has the target, unless that is the bridge; who else is in it is drawn.
        var others = ground.Cluster.Nodes.Where(node => node != strike.Node).Select(node => node.Place.Index).ToList();
        var small = bridge is null ? new HashSet<int> { strike.Node.Place.Index } : [];
        var size = bridge is null ? ground.Cluster.Nodes.Count / 2 : others.Count / 2;
        while (small.Count < size)
        {
            var next = others[strike.Draw(others.Count)];
            small.Add(next);
            others.Remove(next);
        }

        return (speaker, hearer) => speaker != ClusterNetwork.Outside && hearer != ClusterNetwork.Outside
            && speaker != bridge?.Place.Index && hearer != bridge?.Place.Index
            && small.Contains(speaker) != small.Contains(hearer);
    }

    private bool AgainstTheRing(int speaker, int hearer) =>
        speaker != ClusterNetwork.Outside && hearer != ClusterNetwork.Outside && hearer != (speaker + 1) % ground.Cluster.Nodes.Count;

    private async Task HoldAsync(Strike strike, LinkState state, Func<int, int, bool> hits)
    {
        var fault = new LinkFault(state, hits);
        ground.Cluster.Network.Strike(fault);
        await strike.LastAsync();
        ground.Cluster.Network.Heal(fault);
    }

    private async Task FlapAsync(Strike strike)
    {
        var fault = new LinkFault(new LinkState(IsClosed: true), Touching(strike));
        var until = Environment.TickCount64 + (long)strike.For.TotalMilliseconds;
        while (Environment.TickCount64 < until && !strike.Over.IsCancellationRequested)
        {
            ground.Cluster.Network.Strike(fault);
            await strike.WaitAsync(strike.Fault.Gap ?? UsualGap);
            ground.Cluster.Network.Heal(fault);
            await strike.WaitAsync(strike.Fault.Gap ?? UsualGap);
        }
    }

    private Task ResetAsync(Strike strike)
    {
        strike.Notes.Add($"{ground.Cluster.Network.Reset(Touching(strike))} connections");
        return Task.CompletedTask;
    }

    private async Task DropRepliesAsync(Strike strike)
    {
        var replies = new LinkFault(new LinkState(IsClosed: true), (speaker, hearer) => hearer == ClusterNetwork.Outside && strike.Targets.Any(member => ((ChaosNode)member).Place.Index == speaker));
        ground.Cluster.Network.Strike(replies);
        await strike.LastAsync();

        // What waits at the closed direction must never arrive, so the connections go first.
        var connections = ground.Cluster.Network.Reset((dialler, dialled) => dialler == ClusterNetwork.Outside && replies.Hits(dialled, dialler));
        ground.Cluster.Network.Heal(replies);
        strike.Notes.Add($"{connections} connections broke");
    }
}
