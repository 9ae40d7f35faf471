using System.Globalization;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>That a change was made; <c>done</c> says it in a sentence.</summary>
internal sealed record DoneView(string Done) : View
{
    public override IRenderable Render() => Layout.Line(Done);
}

/// <summary>A tenant's limit and use; limit 0 = unlimited.</summary>
internal sealed record TenantView(string Tenant, uint LeaseLimit, uint InUse) : View
{
    public override IRenderable Render() => Layout.Properties(
        ("tenant", Tenant),
        ("in use", InUse.ToString(CultureInfo.InvariantCulture)),
        ("limit", LeaseLimit == 0 ? "none" : LeaseLimit.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>The journaled rules.</summary>
internal sealed record SettingsView(
    long RequestRetentionMs, uint EndedRequestsMax, uint DriftPermille, uint DefaultTenantLeaseLimit, uint PartitionLeaseLimit) : View
{
    public static SettingsView Of(Settings s) =>
        new(s.RequestRetentionMs, s.EndedRequestsMax, s.DriftPermille, s.DefaultTenantLeaseLimit, s.PartitionLeaseLimit);

    public override IRenderable Render() => Layout.Properties(
        ("request-retention", Duration.FromMilliseconds(RequestRetentionMs).ToString()),
        ("ended-requests-max", EndedRequestsMax.ToString(CultureInfo.InvariantCulture)),
        ("drift-permille", DriftPermille.ToString(CultureInfo.InvariantCulture)),
        ("default-tenant-limit", Limit(DefaultTenantLeaseLimit)),
        ("partition-limit", Limit(PartitionLeaseLimit)));

    private static string Limit(uint limit) => limit == 0 ? "none" : limit.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A snapshot that was taken.</summary>
internal sealed record SnapshotView(ulong Position, ulong Bytes, string StateHash) : View
{
    public override IRenderable Render() => Layout.Line($"snapshot at position {Position}, {Bytes} bytes, state hash {StateHash}");
}

/// <summary>Who leads after a hand-over.</summary>
internal sealed record HandOverView(string Leader, long DurationMs) : View
{
    public override IRenderable Render() => Layout.Line($"handed over to {(Leader.Length == 0 ? "another node" : Leader)} in {DurationMs} ms");
}

/// <summary>The versions of the tool and, if one answers, of the plane.</summary>
internal sealed record VersionView(string Cpctl, string Runtime) : View
{
    public override IRenderable Render() => Layout.Line($"cpctl {Cpctl} on {Runtime}");
}
