using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Tests.Samples;
using ControlPlane.Primitives.Entries;
using CsCheck;

namespace ControlPlane.JournalInspector.Tests.Commands;

public sealed class AnyFlippedBitTests : IDisposable
{
    private readonly SampleJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task No_flipped_bit_of_an_entry_goes_unnoticed()
    {
        var (file, last) = _journal.Find(SampleJournal.SnapshotPosition);
        await Gen.Select(Gen.Long[SegmentLayout.FirstAddress, last + EntryCodec.HeaderBytes], Gen.Int[0, 7]).SampleAsync(
            async (offset, bit) =>
            {
                Damage.FlipBit(file, offset, bit);
                var run = await Inspector.RunAsync("verify", _journal.Path);
                Damage.FlipBit(file, offset, bit);
                Assert.True(run.Exit == 2 || (run.Exit == 0 && IsPadding(file, offset)), $"exit {run.Exit} for bit {bit} of byte {offset}: {run.Output}{run.Error}");
            },
            iter: 300,
            threads: 1);
        Assert.Equal(0, (await Inspector.RunAsync("verify", _journal.Path)).Exit);
    }

    /// <summary>Up to three bytes behind an entry fill its frame; nothing is in them.</summary>
    private static bool IsPadding(string file, long offset)
    {
        var bytes = File.ReadAllBytes(file);
        for (var frame = SegmentLayout.FirstAddress; frame <= offset;)
        {
            var length = BitConverter.ToInt32(bytes, frame);
            var end = frame + SegmentLayout.FrameHeaderBytes + length;
            frame += SegmentLayout.FrameBytes(length);
            if (offset >= end && offset < frame)
            {
                return true;
            }
        }

        return false;
    }
}
