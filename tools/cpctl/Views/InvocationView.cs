using System.Text;
using System.Text.Unicode;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>One invocation. <c>payload</c> is base64; <c>text</c> is the same as text where it is UTF-8.</summary>
internal sealed record InvocationView(string Lease, string Sandbox, string Worker, string InvocationId, long DurationUs, string Payload) : View
{
    public string? Text { get; init; }

    /// <summary>False if the lease was brought along and is still held.</summary>
    public bool Released { get; init; }

    public static InvocationView Of(LeaseView lease, Protocol.V1.InvokeResponse response, bool released) =>
        new(lease.Lease ?? lease.Id, lease.Sandbox, lease.Worker, response.InvocationId, response.DurationUs, response.Payload.ToBase64())
        {
            Text = Utf8.IsValid(response.Payload.Span) ? Encoding.UTF8.GetString(response.Payload.Span) : null,
            Released = released,
        };

    public override IRenderable Render() => Layout.Line(Text ?? Payload);
}
