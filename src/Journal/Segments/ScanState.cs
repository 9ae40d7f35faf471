using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Segments;

/// <summary>How the scan of one page ended.</summary>
internal enum PageOutcome
{
    NextPage,
    EndOfFile,
    EndedByReader,
    Failed,
}

/// <summary>What a running scan knows.</summary>
internal struct ScanState(in ScanRange range)
{
    private readonly SequenceNumber _first = range.After?.Tail ?? SequenceNumber.First;

    public SequenceNumber? Until { get; } = range.Until;

    public JournalEnd? End { get; private set; } = range.After;

    public JournalEnd? AppendEnd { get; private set; } = range.After;

    public long EntryCount { get; private set; }

    public long ByteCount { get; private set; }

    public SequenceNumber CommittedProof { get; private set; }

    /// <summary>The frame at hand.</summary>
    public long Address { get; set; } = Math.Max(range.FromAddress, SegmentLayout.FirstAddress);

    /// <summary>Where the zeros began that the scan is crossing to the next page, or null.</summary>
    public long? ZerosSince { get; set; }

    public long FailedAddress { get; private set; }

    public JournalDamageKind FailedKind { get; private set; }

    public EntryDamage FailedDetail { get; private set; }

    public readonly SequenceNumber Expected => End?.Tail ?? _first;

    /// <summary>Where the verified entries end.</summary>
    public readonly long StopAddress => ZerosSince ?? Address;

    public void Accept(in EntryHeader header, ChainHash hash, int frameBytes)
    {
        End = JournalEnd.Behind(header, hash);
        if (header.EndsAppend)
        {
            AppendEnd = End;
        }

        if (header.CommitSequence > CommittedProof)
        {
            CommittedProof = header.CommitSequence;
        }

        ZerosSince = null;
        EntryCount++;
        ByteCount += frameBytes;
    }

    public PageOutcome Fail(long address, JournalDamageKind kind, EntryDamage detail = EntryDamage.None)
    {
        FailedAddress = address;
        FailedKind = kind;
        FailedDetail = detail;
        return PageOutcome.Failed;
    }
}
