using System.Text;
using ControlPlane.Worker.Sandboxes;
using CsCheck;

namespace ControlPlane.Worker.Tests.Sandboxes;

public sealed class LineAssemblerTests
{
    private const int LineBytesMax = 4;
    private static readonly Gen<byte[]> Output = Gen.Int[0, 2].Select(i => (byte)"ab\n"[i]).Array[0, 40];

    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("\n\n", "|")]
    [InlineData("abcd\n", "abcd")]
    [InlineData("abcdef\n", "abcd|ef")]
    [InlineData("tail", "tail")]
    [InlineData("", "")]
    public void A_stream_is_cut_at_line_ends_and_at_the_bound(string output, string lines) =>
        Assert.Equal(lines, string.Join('|', Cut([Encoding.UTF8.GetBytes(output)])));

    [Fact]
    public void How_the_stream_was_cut_into_reads_does_not_matter() =>
        Gen.Select(Output, Gen.Int[1, 7]).Sample((bytes, readBytes) =>
            Assert.Equal(Cut([bytes]), Cut(bytes.Chunk(readBytes))));

    [Fact]
    public void No_byte_but_line_ends_is_lost_and_no_line_is_too_long() =>
        Output.Sample(bytes =>
        {
            var lines = Cut([bytes]);
            Assert.Equal(Encoding.UTF8.GetString(bytes).Replace("\n", "", StringComparison.Ordinal), string.Concat(lines));
            Assert.All(lines, line => Assert.InRange(line.Length, 0, LineBytesMax));
        });

    private static List<string> Cut(IEnumerable<byte[]> reads)
    {
        var lines = new List<string>();
        var assembler = new LineAssembler(LineBytesMax);
        foreach (var read in reads)
        {
            assembler.Append(read, line => lines.Add(Encoding.UTF8.GetString(line)));
        }

        assembler.Flush(line => lines.Add(Encoding.UTF8.GetString(line)));
        return lines;
    }
}
