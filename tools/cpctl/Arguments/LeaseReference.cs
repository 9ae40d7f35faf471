using System.CommandLine.Parsing;
using System.Globalization;
using ControlPlane.Client;
using ControlPlane.Primitives;
using Wire = ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary>
/// A lease as its holder writes it: <c>L0-1234@3</c>, the lease's id and the epoch of its grant. That is all of its fencing
/// token, as the token's position is the lease's.
/// </summary>
internal readonly record struct LeaseReference(LeaseId Id, Epoch Epoch)
{
    public FencingToken Fence => new(Epoch, Id.Position);

    public Wire.LeaseRef ToWire() => new() { Id = Id.ToWire(), Fence = Fence.ToWire() };

    public static LeaseReference Of(Wire.Lease lease) => new(lease.Id.ToPrimitive(), new Epoch(lease.Fence?.Epoch ?? 0));

    public static bool TryParse(string text, out LeaseReference reference)
    {
        reference = default;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0
            || !LeaseId.TryParse(text[..at], out var id)
            || !ulong.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            return false;
        }

        reference = new LeaseReference(id, new Epoch(epoch));
        return true;
    }

    /// <summary>For arguments and options that name leases.</summary>
    public static LeaseReference[] ParseAll(ArgumentResult result)
    {
        var references = new List<LeaseReference>();
        foreach (var token in result.Tokens)
        {
            if (TryParse(token.Value, out var reference))
            {
                references.Add(reference);
            }
            else
            {
                result.AddError($"'{token.Value}' is not a lease: write it as `cpctl allocate` printed it, for instance L0-1234@3");
            }
        }

        return [.. references];
    }

    public override string ToString() => $"{Id}@{Epoch.Value.ToString(CultureInfo.InvariantCulture)}";
}
