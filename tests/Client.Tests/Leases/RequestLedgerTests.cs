using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using CsCheck;

namespace ControlPlane.Client.Tests;

public sealed class RequestLedgerTests
{
    private readonly RequestLedger _ledger = new(NewIdentifier.Client());

    [Fact]
    public void Only_what_is_settled_without_gap_is_acknowledged()
    {
        var (first, second, third) = (Open(), Open(), Open());
        _ledger.Settle(second.Id, second.Request.ClientSequence);
        Assert.Equal(0UL, _ledger.Acknowledged);
        _ledger.Settle(first.Id, first.Request.ClientSequence);
        Assert.Equal(2UL, _ledger.Acknowledged);
        _ledger.Settle(third.Id, third.Request.ClientSequence);
        Assert.Equal(3UL, _ledger.Acknowledged);
    }

    [Fact]
    public void Whatever_the_order_of_answers_no_open_request_is_ever_acknowledged() =>
        Gen.Int[0, 7].Array[1, 200].Sample(choices =>
        {
            var ledger = new RequestLedger(NewIdentifier.Client());
            var open = new List<(RequestId Id, ulong Sequence)>();
            foreach (var choice in choices)
            {
                if (choice < 4 || open.Count == 0)
                {
                    var request = new AllocateRequest();
                    var id = ledger.Open(request, chosen: null);
                    Assert.True(request.ClientAcknowledged < request.ClientSequence);
                    open.Add((id, request.ClientSequence));
                }
                else
                {
                    var (id, sequence) = open[choice % open.Count];
                    ledger.Settle(id, sequence);
                    open.Remove((id, sequence));
                }

                Assert.All(open, request => Assert.True(ledger.Acknowledged < request.Sequence));
            }
        });

    [Fact]
    public void A_request_whose_outcome_is_unknown_keeps_its_number_for_the_retry()
    {
        var lost = Open();
        _ledger.KeepOpen(lost.Id, lost.Request.ClientSequence);
        var again = Open(lost.Id);
        Assert.Equal(lost.Request, again.Request);
        Assert.Equal(0UL, _ledger.Acknowledged);
    }

    [Fact]
    public void An_id_that_the_caller_chose_is_never_acknowledged()
    {
        var chosen = Open(NewIdentifier.Request());
        Assert.Equal((0, 0UL, 0UL), (chosen.Request.ClientId.Length, chosen.Request.ClientSequence, chosen.Request.ClientAcknowledged));
    }

    [Fact]
    public void A_cancelled_request_is_settled()
    {
        var lost = Open();
        _ledger.KeepOpen(lost.Id, lost.Request.ClientSequence);
        _ledger.Resolve(lost.Id);
        Assert.Equal(1UL, _ledger.Acknowledged);
    }

    [Fact]
    public void Beyond_the_most_that_is_kept_the_oldest_unknown_request_is_given_up()
    {
        for (var i = 0; i <= RequestLedger.UnresolvedMax; i++)
        {
            var lost = Open();
            _ledger.KeepOpen(lost.Id, lost.Request.ClientSequence);
        }

        Assert.Equal(1UL, _ledger.Acknowledged);
    }

    private (RequestId Id, AllocateRequest Request) Open(RequestId? chosen = null)
    {
        var request = new AllocateRequest();
        return (_ledger.Open(request, chosen), request);
    }
}
