using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Tests.Registers;

public sealed class QuorumConfigRegisterTests : ConfigRegisterConformance
{
    private readonly RegisterNetwork _network = new(3);

    public override async ValueTask InitializeAsync() => await _network.NewProposer().FoundAsync(_network.Replicas, Stop);

    public override ValueTask DisposeAsync() => _network.DisposeAsync();

    protected override IConfigRegister NewClient() => _network.NewProposer();

    protected override async ValueTask RestartAsync()
    {
        await _network.CloseProposersAsync();
        foreach (var replica in _network.Replicas)
        {
            _network.Stop(replica);
            _network.Start(replica);
        }
    }
}
