using System.Text.RegularExpressions;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using Google.Rpc;
using Grpc.Core;

namespace ControlPlane.Protocol.Tests.Errors;

public sealed partial class ErrorTableTests
{
    public static TheoryData<ErrorReason> Reasons =>
        new(Enum.GetValues<ErrorReason>().Where(reason => reason != ErrorReason.Unspecified));

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_survives_the_wire_with_its_code_and_figures(ErrorReason reason)
    {
        var thrown = ErrorTable.ToRpcException(reason, "because", [new("max", "7")]);
        var received = new RpcException(thrown.Status, thrown.Trailers);

        Assert.Equal(ErrorTable.ToStatusCode(reason), received.StatusCode);
        Assert.Equal("because", received.Status.Detail);
        Assert.Equal(reason, ErrorTable.ReasonOf(received));
        Assert.Equal("7", ErrorTable.MetadataOf(received)["max"]);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_has_the_code_that_the_contract_states(ErrorReason reason) =>
        Assert.Equal(CodesInTheContract()[ErrorTable.NameOf(reason)], ErrorTable.ToStatusCode(reason));

    [Fact]
    public void The_unspecified_reason_is_no_answer() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ErrorTable.ToStatusCode(ErrorReason.Unspecified));

    [Fact]
    public void Field_violations_name_every_field_at_fault()
    {
        var error = ErrorTable.FieldViolations(
            new BadRequest.Types.FieldViolation { Field = "ttl_ms", Description = "must not be negative" },
            new BadRequest.Types.FieldViolation { Field = "tenant", Description = "is missing" });

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(ErrorReason.InvalidField, ErrorTable.ReasonOf(error));
        var bad = error.GetRpcStatus()!.GetDetail<BadRequest>()!;
        Assert.Equal(["ttl_ms", "tenant"], bad.FieldViolations.Select(violation => violation.Field));
    }

    [Fact]
    public void A_foreign_error_has_no_reason() =>
        Assert.Equal(
            ErrorReason.Unspecified,
            ErrorTable.ReasonOf(new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "connection refused"))));

    /// <summary>
    /// The comment of a reason starts with its code ("RESOURCE_EXHAUSTED. ..."); a reason without a comment of its own has
    /// the code of the one above it.
    /// </summary>
    private static Dictionary<string, StatusCode> CodesInTheContract()
    {
        var codes = new Dictionary<string, StatusCode>(StringComparer.Ordinal);
        StatusCode? stated = null;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "errors.proto")))
        {
            if (CodeComment().Match(line) is { Success: true } comment)
            {
                stated = Enum.Parse<StatusCode>(comment.Groups[1].Value.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
            }
            else if (ReasonLine().Match(line) is { Success: true } reason && stated is { } code)
            {
                codes.Add(reason.Groups[1].Value, code);
            }
        }

        return codes;
    }

    [GeneratedRegex(@"^\s*// ([A-Z_]+)\.( |$)")]
    private static partial Regex CodeComment();

    [GeneratedRegex(@"^\s*ERROR_REASON_([A-Z_]+) = [1-9]")]
    private static partial Regex ReasonLine();
}
