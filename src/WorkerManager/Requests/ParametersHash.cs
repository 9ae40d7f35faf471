using System.IO.Hashing;
using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.WorkerManager;

/// <summary>Hash of what a retry must repeat: everything but the ids, the acknowledgement and the time to wait.</summary>
internal static class ParametersHash
{
    public static ulong Of(AllocateRequest request, CanonicalWriter writer)
    {
        writer.Clear();
        writer.Text(request.Tenant.Value);
        writer.Text(request.Function.Value);
        writer.UInt32(request.FunctionVersion);
        writer.UInt32((uint)request.Selectors.Count);
        foreach (var selector in request.Selectors)
        {
            writer.Pairs(selector.Labels);
        }

        writer.UInt32((uint)request.Count);
        writer.UInt32((uint)request.Priority);
        writer.Text(request.Zone);
        writer.Byte((byte)request.ColdPolicy);
        writer.Duration(request.Ttl);
        writer.Duration(request.ConfirmWithin);
        return XxHash3.HashToUInt64(writer.Written);
    }
}
