using ControlPlane.Worker.Sandboxes;
using ControlPlane.Worker.Tests.Support;

namespace ControlPlane.Worker.Tests.Sandboxes;

public sealed class RotatingFileTests
{
    private const int BytesMax = 10;

    [Fact]
    public void At_most_two_files_of_the_bound_are_kept_and_the_newest_is_there()
    {
        using var directory = new TemporaryDirectory();
        using var file = new RotatingFile(directory.File("log"), BytesMax);
        for (var i = 0; i < 100; i++)
        {
            file.Write([(byte)'0', (byte)('0' + (i % 10)), (byte)'\n']);
        }

        Assert.Equal(["log", "log.1"], Directory.GetFiles(directory.Path).Select(Path.GetFileName).Order());
        Assert.Equal("09\n", File.ReadAllText(directory.File("log")));
        Assert.Equal("06\n07\n08\n", File.ReadAllText(directory.File("log.1")));
    }

    [Fact]
    public void A_second_writer_appends_to_what_an_earlier_one_left()
    {
        using var directory = new TemporaryDirectory();
        using (var first = new RotatingFile(directory.File("log"), BytesMax))
        {
            first.Write("one\n"u8);
        }

        using var second = new RotatingFile(directory.File("log"), BytesMax);
        second.Write("two\n"u8);

        Assert.Equal("one\ntwo\n", File.ReadAllText(directory.File("log")));
    }

    [Fact]
    public void A_rotation_that_fails_costs_that_write_only()
    {
        using var directory = new TemporaryDirectory();
        using var file = new RotatingFile(directory.File("log"), BytesMax);
        file.Write("123456789\n"u8);
        Directory.CreateDirectory(directory.File("log.1"));
        Assert.ThrowsAny<IOException>(() => file.Write("lost\n"u8));
        Directory.Delete(directory.File("log.1"));

        file.Write("kept\n"u8);

        Assert.Equal("kept\n", File.ReadAllText(directory.File("log")));
    }
}
