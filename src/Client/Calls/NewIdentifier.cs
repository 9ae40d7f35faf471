using System.Security.Cryptography;
using ControlPlane.Primitives;

namespace ControlPlane.Client;

/// <summary>Identifiers that only this process has: 16 random bytes each.</summary>
public static class NewIdentifier
{
    /// <summary>For one allocation.</summary>
    public static RequestId Request() => new(Random128());

    /// <summary>For one client process.</summary>
    public static ClientId Client() => new(Random128());

    private static UInt128 Random128()
    {
        Span<byte> bytes = stackalloc byte[Identifier128.ByteCount];
        RandomNumberGenerator.Fill(bytes);
        Invariant.Check(Identifier128.TryRead(bytes, out var value), "an identifier has 16 bytes");
        return value;
    }
}
