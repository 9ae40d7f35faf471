using ControlPlane.Protocol.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ControlPlane.Client.Tests;

public sealed class FailureDecoderTests
{
    public static TheoryData<string, ErrorReason> EveryReason()
    {
        var data = new TheoryData<string, ErrorReason>();
        foreach (var value in ErrorsReflection.Descriptor.EnumTypes[0].Values)
        {
            data.Add(value.Name["ERROR_REASON_".Length..], (ErrorReason)value.Number);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryReason))]
    public void Every_reason_of_the_contract_is_understood(string name, ErrorReason expected) =>
        Assert.Equal(expected, FailureDecoder.ParseReason(name));

    [Theory]
    [InlineData("A_REASON_OF_THE_FUTURE")]
    [InlineData("12")]
    [InlineData("")]
    public void A_reason_that_is_not_in_the_contract_is_unspecified(string name) =>
        Assert.Equal(ErrorReason.Unspecified, FailureDecoder.ParseReason(name));

    [Fact]
    public void Reason_figures_and_fields_at_fault_are_read()
    {
        var info = new ErrorInfo { Domain = "controlplane", Reason = "INVALID_FIELD", Metadata = { ["count"] = "2" } };
        var fields = new BadRequest
        {
            FieldViolations =
            {
                new BadRequest.Types.FieldViolation { Field = "ttl_ms", Description = "must be at least 100" },
                new BadRequest.Types.FieldViolation { Field = "request_id", Description = "must be 16 bytes" },
            },
        };
        var status = new Google.Rpc.Status { Code = (int)StatusCode.InvalidArgument, Message = "2 fields", Details = { Any.Pack(info), Any.Pack(fields) } };

        var failure = FailureDecoder.Decode(status.ToRpcException(), "http://plane");

        Assert.Equal((CallOutcome.Refused, StatusCode.InvalidArgument, ErrorReason.InvalidField), (failure.Outcome, failure.Code, failure.Reason));
        Assert.Equal("2 fields", failure.Message);
        Assert.Equal("2", failure.Metadata["count"]);
        Assert.Equal([new FieldViolation("ttl_ms", "must be at least 100"), new FieldViolation("request_id", "must be 16 bytes")], failure.FieldViolations);
    }

    [Fact]
    public void Details_of_another_service_are_not_taken_for_ours()
    {
        var info = new ErrorInfo { Domain = "proxy.example", Reason = "TENANT_LIMIT" };
        var status = new Google.Rpc.Status { Code = (int)StatusCode.Unavailable, Message = "try later", Details = { Any.Pack(info) } };

        var failure = FailureDecoder.Decode(status.ToRpcException(), "http://plane");

        Assert.Equal((CallOutcome.Unknown, ErrorReason.Unspecified), (failure.Outcome, failure.Reason));
    }

    [Fact]
    public void The_refusal_of_one_item_reads_as_that_of_a_call()
    {
        var refusal = new Refusal { Code = (int)StatusCode.FailedPrecondition, Reason = ErrorReason.LeaseEnded, Message = "expired", Metadata = { ["ended"] = "expired" } };

        var failure = FailureDecoder.Decode(refusal);

        Assert.Equal((CallOutcome.Refused, StatusCode.FailedPrecondition, ErrorReason.LeaseEnded), (failure.Outcome, failure.Code, failure.Reason));
        Assert.Equal("expired", failure.Metadata["ended"]);
    }

    [Fact]
    public void A_server_that_failed_without_a_reason_is_a_fault() =>
        Assert.Equal(
            CallOutcome.Faulted,
            FailureDecoder.Decode(new RpcException(new Grpc.Core.Status(StatusCode.Unknown, "Exception was thrown by handler.")), "http://plane").Outcome);
}
