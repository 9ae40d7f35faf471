using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Security;

/// <summary>The subject alternative names of a certificate (RFC 5280, 4.2.1.6) that mean something here.</summary>
/// <param name="Uris">As written.</param>
/// <param name="Hosts">DNS names and IP addresses: where the holder may serve.</param>
public sealed record SubjectNames(IReadOnlyList<string> Uris, IReadOnlyList<string> Hosts)
{
    private const string Extension = "2.5.29.17";
    private const int DnsName = 2;
    private const int Uri = 6;
    private const int IpAddress = 7;

    /// <summary>The names, none if the certificate has no such extension; null if the extension is not well formed.</summary>
    public static SubjectNames? Of(X509Certificate2 certificate)
    {
        var names = new SubjectNames(new List<string>(), new List<string>());
        try
        {
            foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == Extension))
            {
                names.Add(extension.RawData);
            }

            return names;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private void Add(ReadOnlyMemory<byte> encoded)
    {
        var (uris, hosts) = ((List<string>)Uris, (List<string>)Hosts);
        var outer = new AsnReader(encoded, AsnEncodingRules.DER);
        var sequence = outer.ReadSequence();
        outer.ThrowIfNotEmpty();
        while (sequence.HasData)
        {
            var tag = sequence.PeekTag();
            switch (tag.TagClass == TagClass.ContextSpecific ? tag.TagValue : -1)
            {
                case DnsName:
                    hosts.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    break;
                case Uri:
                    uris.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                    break;
                case IpAddress:
                    var bytes = sequence.ReadOctetString(tag);
                    hosts.Add(bytes.Length is 4 or 16 ? new IPAddress(bytes).ToString() : Convert.ToHexString(bytes));
                    break;
                default:
                    sequence.ReadEncodedValue();
                    break;
            }
        }
    }
}
