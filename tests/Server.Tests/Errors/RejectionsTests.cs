using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Errors;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Server.Tests.Errors;

public sealed class RejectionsTests
{
    public static TheoryData<RejectionReason> Reasons => [.. Enum.GetValues<RejectionReason>().Where(reason => reason != RejectionReason.None)];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_of_the_core_is_the_same_reason_in_the_contract(RejectionReason reason)
    {
        Assert.Equal(reason.ToString(), ((ErrorReason)reason).ToString());
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_rejection_becomes_an_error_with_its_code_reason_message_and_figures(RejectionReason reason)
    {
        var error = new Rejection(reason, "because", [new("max", "3")]).ToRpcException();

        Assert.Equal(ErrorTable.ToStatusCode((ErrorReason)reason), error.StatusCode);
        Assert.Equal((ErrorReason)reason, ErrorTable.ReasonOf(error));
        Assert.Equal("because", error.Status.Detail);
        Assert.Equal("3", ErrorTable.MetadataOf(error)["max"]);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_refused_item_says_what_a_call_of_its_own_would_have_answered(RejectionReason reason)
    {
        var rejection = new Rejection(reason, "because", [new("max", "3")]);

        var refusal = rejection.ToRefusal();

        var error = rejection.ToRpcException();
        Assert.Equal((int)error.StatusCode, refusal.Code);
        Assert.Equal(ErrorTable.ReasonOf(error), refusal.Reason);
        Assert.Equal(error.Status.Detail, refusal.Message);
        Assert.Equal(ErrorTable.MetadataOf(error), refusal.Metadata);
    }
}
