using System.Buffers.Binary;
using ControlPlane.Journal.Disk;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// Reads a segment's files directly, without FASTER, whose own scan skips holes and trusts checksums that do not hold.
/// Guarantee: an entry reaches the visitor only if its checksum fits, it belongs to this journal and to a reign of this
/// segment, it is the next position, and it names the hash of the entry before. Damage is a value, never an exception.
/// Works on a directory that another process is writing: what that writer has not finished looks like a torn tail.
/// Not for use by two threads at once.
/// </summary>
public sealed class SegmentScanner : IDisposable
{
    private readonly PageReader _pages;
    private readonly SegmentName _name;
    private readonly JournalId _journal;
    private readonly long _deviceFileBytes;

    /// <summary>A scanner of the segment <paramref name="name"/> inside the directory <paramref name="parent"/>.</summary>
    public SegmentScanner(IDisk disk, string parent, SegmentName name, JournalId journal, long deviceFileBytes)
    {
        _pages = new PageReader(disk, Path.Combine(parent, name.ToString()), deviceFileBytes);
        _name = name;
        _journal = journal;
        _deviceFileBytes = deviceFileBytes;
    }

    /// <summary>Verifies the entries of <paramref name="range"/> in order and shows each to <paramref name="visit"/>.</summary>
    public SegmentScan Scan(in ScanRange range, EntryVisitor? visit = null)
    {
        var state = new ScanState(range);
        var firstPage = state.Address / SegmentLayout.PageBytes;
        while (true)
        {
            var page = state.Address / SegmentLayout.PageBytes;
            if (!_pages.TryRead(page))
            {
                // The file where a scan begins always exists: a segment is created together with its first one.
                return page == firstPage || Exists(file => file > _pages.FileIndexOf(page))
                    ? Stop(state, state.StopAddress, JournalDamageKind.MissingFile)
                    : CleanEnd(state);
            }

            switch (ScanPage(ref state, page, visit))
            {
                case PageOutcome.NextPage:
                    state.Address = (page + 1) * SegmentLayout.PageBytes;
                    break;
                case PageOutcome.EndOfFile when Exists(file => file > _pages.FileIndexOf(page)):
                    return Stop(state, state.StopAddress, JournalDamageKind.ShortFile);
                case PageOutcome.EndOfFile when page == 0 && _pages.PageLength < SegmentLayout.SectorBytes:
                    // A segment's first file is filled with zeros and synced before the segment has its name.
                    return Stop(state, state.StopAddress, JournalDamageKind.ShortFile);
                case PageOutcome.EndOfFile:
                    return CleanEnd(state);
                case PageOutcome.EndedByReader:
                    return Finish(state, state.Address, StopShape.CleanZeros, endedByReader: true, damage: null);
                default:
                    return Stop(state, state.FailedAddress, state.FailedKind, state.FailedDetail);
            }
        }
    }

    /// <summary>
    /// An address from which a scan reaches <paramref name="target"/> soon (within a page, when nothing is damaged). Pass
    /// it with <see cref="ScanRange.After"/> null.
    /// </summary>
    public long FindAddress(SequenceNumber target) => SegmentSearch.PageAtOrBefore(_pages, _deviceFileBytes, target);

    /// <inheritdoc/>
    public void Dispose() => _pages.Dispose();

    private PageOutcome ScanPage(ref ScanState state, long page, EntryVisitor? visit)
    {
        var bytes = _pages.Page;
        var offset = (int)(state.Address - (page * SegmentLayout.PageBytes));
        var (file, fileOffset) = _pages.Locate(page * SegmentLayout.PageBytes);
        while (true)
        {
            if (state.Until is { } until && state.Expected >= until)
            {
                return PageOutcome.EndedByReader;
            }

            state.Address = (page * SegmentLayout.PageBytes) + offset;
            if (offset + SegmentLayout.FrameHeaderBytes > bytes.Length)
            {
                return offset >= SegmentLayout.PageBytes ? PageOutcome.NextPage : PageOutcome.EndOfFile;
            }

            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[offset..]);
            if (length == 0)
            {
                state.ZerosSince ??= state.Address;
                if (bytes[offset..].ContainsAnyExcept((byte)0))
                {
                    return state.Fail(state.StopAddress, JournalDamageKind.Hole);
                }

                return bytes.Length == SegmentLayout.PageBytes ? PageOutcome.NextPage : PageOutcome.EndOfFile;
            }

            if (length is < EntryCodec.HeaderBytes or > SegmentLayout.EntryBytesMax
                || offset + SegmentLayout.FrameBytes(length) > SegmentLayout.PageBytes)
            {
                return state.Fail(state.Address, JournalDamageKind.BadFrame);
            }

            if (offset + SegmentLayout.FrameBytes(length) > bytes.Length)
            {
                return state.Fail(state.Address, JournalDamageKind.ShortFile);
            }

            var encoded = bytes.Slice(offset + SegmentLayout.FrameHeaderBytes, length);
            if (!EntryCodec.TryRead(encoded, out var header, out var payload, out var detail))
            {
                return detail != EntryDamage.UnknownVersion ? state.Fail(state.Address, JournalDamageKind.BadEntry, detail)
                    : IsOursButForItsVersion(encoded) ? state.Fail(state.Address, JournalDamageKind.BadEntry, EntryDamage.BadChecksum)
                    : state.Fail(state.Address, JournalDamageKind.NewerFormat, detail);
            }

            if (EntryCodec.EncodedLength(payload.Length) != length)
            {
                return state.Fail(state.Address, JournalDamageKind.BadFrame);
            }

            if (Misplacement(state, header) is { } misplaced)
            {
                // Behind zeros it is the zeros that are wrong: that is where an entry is missing.
                return state.ZerosSince is { } hole
                    ? state.Fail(hole, JournalDamageKind.Hole)
                    : state.Fail(state.Address, misplaced);
            }

            var hash = ChainHash.Of(encoded);
            state.Accept(header, hash, SegmentLayout.FrameBytes(length));
            offset += SegmentLayout.FrameBytes(length);
            if (visit is not null && !visit(new ScannedEntry
            {
                Header = header,
                Hash = hash,
                Encoded = encoded,
                File = file,
                Offset = fileOffset + offset - SegmentLayout.FrameBytes(length),
            }))
            {
                state.Address = (page * SegmentLayout.PageBytes) + offset;
                return PageOutcome.EndedByReader;
            }
        }
    }

    // A flipped bit may fall on the version: then the checksum is still that of the version that this program writes.
    private static bool IsOursButForItsVersion(ReadOnlySpan<byte> encoded)
    {
        var entry = encoded.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(sizeof(uint)), EntryCodec.FormatVersion);
        return EntryCodec.TryRead(entry, out _, out _, out _);
    }

    private JournalDamageKind? Misplacement(in ScanState state, in EntryHeader header)
    {
        if (header.Journal != _journal)
        {
            return JournalDamageKind.WrongJournal;
        }

        if (header.Epoch > _name.Epoch || header.Epoch < (state.End?.LastEpoch ?? default))
        {
            return JournalDamageKind.WrongEpoch;
        }

#if MUTANTS
        if (Mutant.Is("misdirected-record-accepted"))
        {
            return null;
        }
#endif
        if (state.End is not { } end)
        {
            return null;
        }

        return header.Sequence != end.Tail ? JournalDamageKind.WrongSequence
            : header.PreviousHash != end.LastHash ? JournalDamageKind.BrokenChain
            : null;
    }

    private bool Exists(Func<int, bool> file) => _pages.ListFiles().Any(file);

    private SegmentScan CleanEnd(in ScanState state) =>
        Finish(state, state.StopAddress, StopShape.CleanZeros, endedByReader: false, damage: null);

    private SegmentScan Stop(in ScanState state, long address, JournalDamageKind kind, EntryDamage detail = EntryDamage.None)
    {
        var survey = DamageSurvey.Of(_pages, address, kind, _journal, state.Expected);
        var (file, offset) = _pages.Locate(address);
        var damage = new JournalDamage
        {
            File = file,
            Offset = offset,
            Kind = kind,
            Detail = detail,
            Expected = state.Expected,
            Found = survey.Found,
            StoredChecksum = detail == EntryDamage.BadChecksum ? survey.StoredChecksum : null,
            ComputedChecksum = detail == EntryDamage.BadChecksum ? survey.ComputedChecksum : null,
            NextGood = survey.NextGood,
        };
        var proof = survey.CommittedProof > state.CommittedProof ? survey.CommittedProof : state.CommittedProof;
        return Finish(state, address, survey.Shape, endedByReader: false, damage) with { CommittedProof = proof };
    }

    private SegmentScan Finish(in ScanState state, long address, StopShape shape, bool endedByReader, JournalDamage? damage)
    {
        var (file, offset) = _pages.Locate(address);
        return new SegmentScan
        {
            Name = _name,
            End = state.End,
            AppendEnd = state.AppendEnd,
            EntryCount = state.EntryCount,
            ByteCount = state.ByteCount,
            CommittedProof = state.CommittedProof,
            StopAddress = address,
            StopFile = file,
            StopOffset = offset,
            EndedByReader = endedByReader,
            Shape = shape,
            Damage = damage,
        };
    }
}
