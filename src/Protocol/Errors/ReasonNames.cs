using System.Collections.Frozen;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Protocol.Errors;

/// <summary>Reasons and their names on the wire, both ways, taken from the proto's own descriptor so that they cannot differ from it.</summary>
internal static class ReasonNames
{
    private const string Prefix = "ERROR_REASON_";

    private static readonly FrozenDictionary<ErrorReason, string> Names =
        ErrorsReflection.Descriptor.EnumTypes.Single(type => type.Name == nameof(ErrorReason)).Values
            .ToFrozenDictionary(value => (ErrorReason)value.Number, value => value.Name[Prefix.Length..]);

    private static readonly FrozenDictionary<string, ErrorReason> Reasons =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    public static string Of(ErrorReason reason) =>
        Names.TryGetValue(reason, out var name) ? name : throw new ArgumentOutOfRangeException(nameof(reason), reason, "is not a reason");

    public static ErrorReason Parse(string? name) =>
        name is not null && Reasons.TryGetValue(name, out var reason) ? reason : ErrorReason.Unspecified;
}
