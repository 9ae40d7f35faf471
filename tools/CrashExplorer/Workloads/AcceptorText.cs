using System.Globalization;
using ControlPlane.Journal.Register;
using ControlPlane.Replication.Registers;

namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>States of acceptors and registers as text, to compare and to print.</summary>
internal static class AcceptorText
{
    public static string Fresh { get; } = Of(AcceptorState.Fresh);

    public static string Of(AcceptorState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"promised {state.Promised.Counter}, accepted {state.AcceptedAt.Counter}, {(state.State is { } held ? $"version {held.Version} of {held.Acceptors.Count}, {Convert.ToHexStringLower(held.Value.Span)}" : "fresh")}");

    public static string Of(RegisterValue? value) => value is null
        ? "never written"
        : string.Create(CultureInfo.InvariantCulture, $"version {value.Version}, {Convert.ToHexStringLower(value.Bytes.Span)}");
}
