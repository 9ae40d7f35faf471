using System.Buffers.Binary;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Segments;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Journal.Tests.Segments;

/// <summary>Pins the bytes that FasterLog leaves: the scanner reads them without FasterLog.</summary>
public sealed class SegmentLayoutTests
{
    private static readonly JournalId Journal = new(2);

    [Fact]
    public void Frames_lie_where_the_layout_says()
    {
        using var directory = new TemporaryDirectory();
        var chain = new EntryChain(Journal);
        var first = chain.Next(payloadBytes: 33);
        var second = chain.Next(payloadBytes: 5);
        var file = Write(directory, [first, second]);

        Assert.All(file[..64], b => Assert.Equal(0, b));
        Assert.Equal(161, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(64)));
        Assert.Equal(first.Encoded, file[68..229]);
        Assert.Equal([0, 0, 0], file[229..232]);
        Assert.Equal(133, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(232)));
        Assert.Equal(second.Encoded, file[236..369]);
        Assert.All(file[369..], b => Assert.Equal(0, b));
    }

    [Fact]
    public void An_entry_that_does_not_fit_goes_to_the_next_page_and_zeros_stay_behind()
    {
        using var directory = new TemporaryDirectory();
        var chain = new EntryChain(Journal);
        var entries = Enumerable.Range(0, 5).Select(_ => chain.Next(EntryLimits.PayloadBytesMax)).ToArray();
        var file = Write(directory, entries);
        var frame = SegmentLayout.FrameBytes(EntryCodec.EncodedLength(EntryLimits.PayloadBytesMax));
        Assert.All(file[(64 + (3 * frame))..SegmentLayout.PageBytes], b => Assert.Equal(0, b));
        Assert.Equal(entries[3].Encoded, file[(SegmentLayout.PageBytes + 4)..(SegmentLayout.PageBytes + frame)]);
    }

    [Fact]
    public void An_entry_may_end_exactly_with_its_page()
    {
        using var directory = new TemporaryDirectory();
        var chain = new EntryChain(Journal);
        var entries = Enumerable.Range(0, 4).Select(_ => chain.Next(200_000)).ToList();
        var left = SegmentLayout.PageBytes - 64 - (4 * SegmentLayout.FrameBytes(EntryCodec.EncodedLength(200_000)));
        entries.Add(chain.Next(left - 4 - EntryCodec.HeaderBytes));
        entries.Add(chain.Next(10));
        var file = Write(directory, entries);
        Assert.Equal(entries[4].Encoded, file[(SegmentLayout.PageBytes - left + 4)..SegmentLayout.PageBytes]);
        Assert.Equal(entries[5].Encoded, file[(SegmentLayout.PageBytes + 4)..(SegmentLayout.PageBytes + 4 + 138)]);
    }

    [Theory]
    [InlineData("1-1", true)]
    [InlineData("18446744073709551615-7", true)]
    [InlineData("1-01", false)]
    [InlineData("1", false)]
    [InlineData("-1-1", false)]
    [InlineData("1-1.unfinished", false)]
    public void A_segment_name_is_exactly_what_the_writer_makes(string text, bool valid)
    {
        Assert.Equal(valid, SegmentName.TryParse(text, out var name));
        Assert.Equal(valid ? text : "0-0", name.ToString());
    }

    /// <summary>Writes entries, a flush each, into files of 4 MiB; returns the first file.</summary>
    private static byte[] Write(TemporaryDirectory directory, IEnumerable<ChainedEntry> entries)
    {
        var name = new SegmentName(new Epoch(1), SequenceNumber.First);
        var options = TestReplica.Small with { DeviceFileBytes = 4 << 20 };
        using (var writer = SegmentWriter.Create(new PhysicalDisk(), directory.Path, name, options))
        {
            foreach (var entry in entries)
            {
                writer.Append(entry.Encoded);
                writer.Flush();
            }
        }

        return File.ReadAllBytes(directory.Combine("1-1", SegmentLayout.FileName(0)));
    }
}
