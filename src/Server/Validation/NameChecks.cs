using ControlPlane.Primitives;
using Google.Protobuf;

namespace ControlPlane.Server.Validation;

/// <summary>Fields that name something: each becomes the type of what it names.</summary>
internal static class NameChecks
{
    /// <summary>The 16 bytes of a request.</summary>
    public static RequestId RequestId(this FieldChecks checks, string field, ByteString bytes) =>
        new(checks.Identifier(field, bytes));

    /// <summary>The 16 bytes of a client, or none.</summary>
    public static ClientId OptionalClientId(this FieldChecks checks, string field, ByteString bytes) =>
        bytes.IsEmpty ? default : new ClientId(checks.Identifier(field, bytes));

    /// <summary>A tenant.</summary>
    public static TenantName Tenant(this FieldChecks checks, string field, string text) =>
        TenantName.TryCreate(text, out var name) ? name : NotAName<TenantName>(checks, field, text);

    /// <summary>A tenant, or none if the text is empty.</summary>
    public static TenantName? OptionalTenant(this FieldChecks checks, string field, string text) =>
        text.Length == 0 ? null : checks.Tenant(field, text);

    /// <summary>A function.</summary>
    public static FunctionName Function(this FieldChecks checks, string field, string text) =>
        FunctionName.TryCreate(text, out var name) ? name : NotAName<FunctionName>(checks, field, text);

    /// <summary>A worker.</summary>
    public static WorkerName Worker(this FieldChecks checks, string field, string text) =>
        WorkerName.TryCreate(text, out var name) ? name : NotAName<WorkerName>(checks, field, text);

    /// <summary>A lease.</summary>
    public static LeaseId Lease(this FieldChecks checks, string field, Protocol.V1.LeaseId? id)
    {
        checks.Require(id is { Position: > 0 }, field, id is null ? "missing" : "position 0, which is never given out");
        return id is null ? default : new LeaseId(new PartitionId(id.Partition), new SequenceNumber(id.Position));
    }

    /// <summary>A sandbox.</summary>
    public static SandboxId Sandbox(this FieldChecks checks, string field, Protocol.V1.SandboxId? id)
    {
        checks.Require(id is { Position: > 0 }, field, id is null ? "missing" : "position 0, which is never given out");
        return id is null ? default : new SandboxId(new PartitionId(id.Partition), new SequenceNumber(id.Position));
    }

    /// <summary>A fencing token.</summary>
    public static FencingToken Fence(this FieldChecks checks, string field, Protocol.V1.FencingToken? token)
    {
        checks.Require(token is { Position: > 0, Epoch: > 0 }, field, token is null ? "missing" : "epoch or position 0, which is never granted");
        return token is null ? default : new FencingToken(new Epoch(token.Epoch), new SequenceNumber(token.Position));
    }

    /// <summary>Text that keeps the rule for names, where there is no type of its own for it.</summary>
    public static string WellFormedName(this FieldChecks checks, string field, string text)
    {
        checks.Require(Name.IsWellFormed(text), field, $"not a name: {Name.Rule}");
        return text;
    }

    private static TName NotAName<TName>(FieldChecks checks, string field, string text)
        where TName : struct
    {
        checks.Fail(field, text.Length == 0 ? "missing" : $"not a name: {Name.Rule}");
        return default;
    }
}
