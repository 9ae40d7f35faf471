using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Recovery;

/// <summary>What disks do to acknowledged entries, each on files that FASTER wrote: refused, with the place named.</summary>
public sealed class DamagedJournalTests : IDisposable
{
    private readonly TestReplica _replica = new();

    public DamagedJournalTests() => _replica.Write(epoch: 1, entries: 100);

    private string File0 => _replica.SegmentFile(1, 1);

    public void Dispose() => _replica.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(99)]
    public void A_flipped_bit_is_refused(int index)
    {
        TestReplica.FlipBit(File0, TestReplica.FrameOffset(index) + 4 + EntryCodec.HeaderBytes + 17);
        var damage = Refused(RefusalReason.AcknowledgedDamaged, index);
        Assert.Equal(JournalDamageKind.BadEntry, damage.Kind);
        Assert.NotEqual(damage.StoredChecksum, damage.ComputedChecksum);
        Assert.Equal(index == 99 ? null : new SequenceNumber((ulong)index + 2), damage.NextGood?.Sequence);
    }

    [Fact]
    public void A_flipped_bit_in_a_frames_length_is_refused()
    {
        TestReplica.FlipBit(File0, TestReplica.FrameOffset(50));
        var damage = Refused(RefusalReason.AcknowledgedDamaged, 50);

        // The entry inside the frame is whole, and found.
        Assert.Equal(JournalDamageKind.BadFrame, damage.Kind);
        Assert.Equal(new SequenceNumber(51), damage.NextGood?.Sequence);
    }

    [Fact]
    public void A_zeroed_sector_is_refused()
    {
        var sector = TestReplica.FrameOffset(50) / 512 * 512;
        TestReplica.Overwrite(File0, sector, new byte[512]);
        var refusal = _replica.Refusal();
        Assert.Equal(RefusalReason.AcknowledgedDamaged, refusal.Reason);
        Assert.InRange(refusal.Damage!.Offset, sector - 236, sector + 512);
        Assert.NotNull(refusal.Damage.NextGood);
    }

    [Fact]
    public void A_sector_zeroed_from_the_first_byte_of_a_frame_is_seen_as_a_hole()
    {
        // FASTER itself takes the zero length for "the rest of the page is empty" and loses everything behind.
        TestReplica.Overwrite(File0, TestReplica.FrameOffset(50), new byte[512]);
        var damage = Refused(RefusalReason.AcknowledgedDamaged, 50);
        Assert.Equal(JournalDamageKind.Hole, damage.Kind);
        Assert.Equal(new SequenceNumber(54), damage.NextGood?.Sequence);
    }

    [Fact]
    public void A_zeroed_rest_of_a_page_is_seen_when_the_next_page_goes_on()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 30, payloadBytes: 60_000);
        var lost = TestReplica.FrameOffset(10, 60_000);
        TestReplica.Overwrite(replica.SegmentFile(1, 1), lost, new byte[SegmentLayout.PageBytes - (int)lost]);
        var refusal = replica.Refusal();
        Assert.Equal(RefusalReason.AcknowledgedDamaged, refusal.Reason);
        Assert.Equal((JournalDamageKind.Hole, lost), (refusal.Damage!.Kind, refusal.Damage.Offset));
        Assert.Equal(replica.SegmentFile(1, 1, 1), refusal.Damage.NextGood?.File);
    }

    [Fact]
    public void A_changed_bit_in_the_empty_rest_of_a_page_is_not_taken_for_a_torn_write()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 30, payloadBytes: 60_000, watermark: false);
        var rest = TestReplica.FrameOffset(17, 60_000);
        TestReplica.FlipBit(replica.SegmentFile(1, 1), rest + 600);
        var refusal = replica.Refusal();
        Assert.Equal(RefusalReason.UnexplainedDamage, refusal.Reason);
        Assert.Equal((JournalDamageKind.Hole, rest), (refusal.Damage!.Kind, refusal.Damage.Offset));
    }

    [Fact]
    public void A_changed_frame_length_that_reaches_into_empty_sectors_is_not_taken_for_a_torn_write()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 5, watermark: false);

        // The frame of 232 bytes seems to be 2,048 longer.
        TestReplica.FlipBit(replica.SegmentFile(1, 1), TestReplica.FrameOffset(4) + 1, bit: 3);
        Assert.Equal(RefusalReason.UnexplainedDamage, replica.Refusal().Reason);
        using var store = replica.OpenAmongSeveral();
        Assert.False(store.Promise.IsWhole);
    }

    [Fact]
    public void A_cut_file_is_refused()
    {
        using (var file = File.OpenWrite(File0))
        {
            file.SetLength(TestReplica.FrameOffset(50) + 100);
        }

        var damage = Refused(RefusalReason.AcknowledgedMissing, 50);
        Assert.Equal(JournalDamageKind.ShortFile, damage.Kind);
    }

    [Fact]
    public void A_file_cut_between_two_entries_is_refused()
    {
        using (var file = File.OpenWrite(File0))
        {
            file.SetLength(TestReplica.FrameOffset(50));
        }

        var refusal = _replica.Refusal();
        Assert.Equal(RefusalReason.AcknowledgedMissing, refusal.Reason);
        Assert.Contains($"{File0} at byte {TestReplica.FrameOffset(50)}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("last good entry 50, proven to be acknowledged up to 100", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_emptied_file_is_not_an_empty_journal()
    {
        File.WriteAllBytes(File0, []);
        Assert.Equal(RefusalReason.AcknowledgedMissing, _replica.Refusal().Reason);
    }

    [Fact]
    public void A_deleted_file_is_not_an_empty_journal()
    {
        File.Delete(File0);
        Assert.Equal(RefusalReason.AcknowledgedMissing, _replica.Refusal().Reason);
    }

    [Fact]
    public void A_deleted_file_between_two_others_is_refused()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 60, payloadBytes: 60_000);
        File.Delete(replica.SegmentFile(1, 1, 1));
        var refusal = replica.Refusal();
        Assert.Equal(RefusalReason.AcknowledgedMissing, refusal.Reason);
        Assert.Equal(JournalDamageKind.MissingFile, refusal.Damage!.Kind);
        Assert.Equal(replica.SegmentFile(1, 1, 2), refusal.Damage.NextGood?.File);
    }

    [Fact]
    public void A_deleted_segment_is_not_an_empty_journal()
    {
        Directory.Delete(Path.GetDirectoryName(File0)!, recursive: true);
        Assert.Equal(RefusalReason.AcknowledgedMissing, _replica.Refusal().Reason);
    }

    [Fact]
    public void A_deleted_segment_between_two_others_is_refused()
    {
        _replica.Write(epoch: 2, entries: 5);
        _replica.Write(epoch: 3, entries: 5);
        Directory.Delete(Path.GetDirectoryName(_replica.SegmentFile(2, 101))!, recursive: true);
        var refusal = _replica.Refusal();
        Assert.Equal(RefusalReason.AcknowledgedMissing, refusal.Reason);
    }

    [Fact]
    public void A_deleted_first_segment_is_refused()
    {
        _replica.Write(epoch: 2, entries: 5);
        Directory.Delete(Path.GetDirectoryName(File0)!, recursive: true);
        var refusal = _replica.Refusal();
        Assert.Equal(RefusalReason.Gap, refusal.Reason);
        Assert.Contains("entries 1 to 100 are missing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Swapped_words_are_refused()
    {
        // FASTER's own checksum, an exclusive or of words, does not change.
        var bytes = File.ReadAllBytes(File0);
        var at = (int)TestReplica.FrameOffset(50) + 4 + EntryCodec.HeaderBytes;
        Assert.NotEqual(bytes[at..(at + 8)], bytes[(at + 8)..(at + 16)]);
        TestReplica.Overwrite(File0, at, [.. bytes[(at + 8)..(at + 16)], .. bytes[at..(at + 8)]]);
        Assert.Equal(EntryDamage.BadChecksum, Refused(RefusalReason.AcknowledgedDamaged, 50).Detail);
    }

    [Fact]
    public void A_misdirected_entry_is_refused()
    {
        var bytes = File.ReadAllBytes(File0);
        var frame = (int)(TestReplica.FrameOffset(1) - TestReplica.FrameOffset(0));
        TestReplica.Overwrite(File0, TestReplica.FrameOffset(50), bytes.AsSpan((int)TestReplica.FrameOffset(20), frame).ToArray());
        var damage = Refused(RefusalReason.AcknowledgedDamaged, 50);
        Assert.Equal((JournalDamageKind.WrongSequence, new SequenceNumber(21)), (damage.Kind, damage.Found!.Value));
    }

    [Fact]
    public void An_entry_of_another_journal_is_refused()
    {
        var other = new EntryChain(new JournalId(99), _replica.Chain.End with { Last = new(50) });
        TestReplica.Overwrite(File0, TestReplica.FrameOffset(50) + 4, other.Next().Encoded);
        Assert.Equal(JournalDamageKind.WrongJournal, Refused(RefusalReason.AcknowledgedDamaged, 50).Kind);
    }

    [Fact]
    public void A_whole_entry_of_another_history_is_refused()
    {
        // Right journal, right position, right checksum: only the chain tells.
        var other = new EntryChain(TestReplica.Identity.Journal, _replica.Chain.End with { Last = new(50) });
        TestReplica.Overwrite(File0, TestReplica.FrameOffset(50) + 4, other.Next().Encoded);
        Assert.Equal(JournalDamageKind.BrokenChain, Refused(RefusalReason.AcknowledgedDamaged, 50).Kind);
    }

    [Fact]
    public void An_entry_of_a_later_reign_is_refused()
    {
        var other = new EntryChain(TestReplica.Identity.Journal, _replica.Chain.End with { Last = new(50) }) { Epoch = new(2) };
        TestReplica.Overwrite(File0, TestReplica.FrameOffset(50) + 4, other.Next().Encoded);
        Assert.Equal(JournalDamageKind.WrongEpoch, Refused(RefusalReason.AcknowledgedDamaged, 50).Kind);
    }

    [Fact]
    public void An_entry_of_a_newer_format_stops_an_older_program_instead_of_being_misread()
    {
        TestReplica.Overwrite(File0, TestReplica.FrameOffset(50) + 4, _replica.Written[50].InNewerFormat());
        var damage = Refused(RefusalReason.NewerFormat, 50);
        Assert.Equal(JournalDamageKind.NewerFormat, damage.Kind);
    }

    [Fact]
    public void A_flipped_bit_in_an_entrys_format_version_is_damage_and_no_newer_format()
    {
        TestReplica.FlipBit(File0, TestReplica.FrameOffset(50) + 4 + 5);
        Assert.Equal(EntryDamage.BadChecksum, Refused(RefusalReason.AcknowledgedDamaged, 50).Detail);
    }

    [Fact]
    public void Damage_that_appears_while_running_is_refused_by_the_reader()
    {
        using var store = _replica.Open();
        TestReplica.FlipBit(File0, TestReplica.FrameOffset(50) + 30);
        var seen = 0;
        var refusal = Assert.Throws<JournalRefusedException>(() => store.ReadEntries(new(1), store.End.Tail, (in ScannedEntry _) => ++seen > 0));
        Assert.Equal((50, TestReplica.FrameOffset(50)), (seen, refusal.Damage!.Offset));
    }

    [Fact]
    public void Without_a_watermark_a_later_entry_proves_what_was_acknowledged()
    {
        using var replica = new TestReplica();
        using (var store = replica.Open())
        {
            replica.Begin(store, 1);
            for (var i = 0; i < 20; i++)
            {
                replica.Append(store);
                store.Flush();
                replica.Chain.Committed = store.FlushedEnd.Last;
            }
        }

        // A zeroed sector could be a torn write, but entries behind it say that it was committed.
        TestReplica.Overwrite(replica.SegmentFile(1, 1), TestReplica.FrameOffset(10), new byte[512]);
        Assert.Equal(RefusalReason.AcknowledgedDamaged, replica.Refusal().Reason);
    }

    [Fact]
    public void The_register_proves_what_was_acknowledged()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 10, watermark: false);
        TestReplica.Overwrite(replica.SegmentFile(1, 1), TestReplica.FrameOffset(9), new byte[512]);
        var refusal = replica.Refusal(new ClosedEpoch(new(1), new(11), replica.Chain.End.LastHash));
        Assert.Equal(RefusalReason.AcknowledgedMissing, refusal.Reason);
    }

    [Fact]
    public void Garbage_beyond_what_is_proven_is_still_refused()
    {
        using var replica = new TestReplica();
        replica.Write(epoch: 1, entries: 10, watermark: false);
        TestReplica.FlipBit(replica.SegmentFile(1, 1), TestReplica.FrameOffset(9) + 20);
        Assert.Equal(RefusalReason.UnexplainedDamage, replica.Refusal().Reason);
    }

    private JournalDamage Refused(RefusalReason reason, int index)
    {
        var refusal = _replica.Refusal();
        Assert.Equal(reason, refusal.Reason);
        Assert.Contains($"{File0} at byte {TestReplica.FrameOffset(index)}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"last good entry {index}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(TestReplica.FrameOffset(index), refusal.Damage!.Offset);
        Assert.Equal(new SequenceNumber((ulong)index + 1), refusal.Damage.Expected);
        return refusal.Damage;
    }
}
