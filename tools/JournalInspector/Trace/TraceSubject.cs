using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Trace;

/// <summary>Whose life is told. Exactly one is set.</summary>
internal sealed record TraceSubject(ulong? Sandbox = null, ulong? Lease = null, RequestId? Request = null)
{
    public override string ToString() =>
        Sandbox is not null ? $"sandbox {Sandbox}" : Lease is not null ? $"lease {Lease}" : $"request {Request}";
}
