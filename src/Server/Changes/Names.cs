namespace ControlPlane.Server.Changes;

/// <summary>What a position stands for, by name: of a tenant, function or worker its own, of a sandbox or lease those it belongs to.</summary>
/// <param name="Tenant">Empty if it has none.</param>
/// <param name="Function">Empty if it has none.</param>
/// <param name="Worker">Empty if it has none.</param>
/// <param name="Sandbox">Of a lease: the position of its sandbox; otherwise 0.</param>
internal sealed record Names(string Tenant = "", string Function = "", string Worker = "", ulong Sandbox = 0)
{
    /// <summary>Of a position that nothing is known of.</summary>
    public static readonly Names None = new();
}
