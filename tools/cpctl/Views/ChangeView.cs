using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>One committed change; a line each, so that a stream of them can be piped.</summary>
internal sealed record ChangeView(ulong Position, ulong Epoch, string Time, string Kind) : View
{
    public string? Lease { get; init; }

    public string? Sandbox { get; init; }

    public string? Tenant { get; init; }

    public string? Function { get; init; }

    public string? Worker { get; init; }

    public string? Detail { get; init; }

    public static ChangeView Of(Change change) => new(change.Position, change.Epoch, Timestamp.OfUnixNanoseconds(change.TimeNs), Words.Of(change.Kind))
    {
        Lease = change.Lease?.ToPrimitive().ToString(),
        Sandbox = change.Sandbox?.ToPrimitive().ToString(),
        Tenant = NullIfEmpty(change.Tenant),
        Function = NullIfEmpty(change.Function),
        Worker = NullIfEmpty(change.Worker),
        Detail = NullIfEmpty(change.Detail),
    };

    public override IRenderable Render()
    {
        string?[] parts = [Lease, Sandbox, Function, Worker is null ? null : $"on {Worker}", Tenant is null ? null : $"for {Tenant}", Detail];
        var subject = string.Join("  ", parts.Where(part => part is not null));
        return Layout.Line(string.Create(CultureInfo.InvariantCulture, $"{Position,8}  {Time}  {Words.Spaced(Kind),-20} {subject}").TrimEnd());
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
