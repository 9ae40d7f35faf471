using System.IO.Hashing;

namespace ControlPlane.Primitives;

/// <summary>
/// XxHash128 over one entry's header and payload. Each header holds the hash of the entry before, so one hash vouches for
/// the whole journal up to its entry. It detects damage and mix-ups; it is not a defence against a forger.
/// </summary>
public readonly record struct ChainHash(UInt128 Value)
{
    /// <summary>What the first entry of a journal names as its predecessor: no two journals begin alike.</summary>
    public static ChainHash Genesis(JournalId journal) => Of(journal.ToByteArray());

    /// <summary>The hash of an encoded entry (header and payload, contiguous).</summary>
    public static ChainHash Of(ReadOnlySpan<byte> encodedEntry) => new(XxHash128.HashToUInt128(encodedEntry));

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Identifier128.Format(Value);
}
