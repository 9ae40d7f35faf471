using ControlPlane.CrashExplorer.Images;

namespace ControlPlane.CrashExplorer.Tests.Images;

public sealed class FileContentTests
{
    [Fact]
    public void What_is_written_is_read_and_the_rest_is_zero()
    {
        var content = FileContent.Empty.With(5000, [1, 2, 3]);
        Assert.Equal(5003, content.Length);
        Assert.Equal([0, 1, 2, 3], content.ToArray(4999, 100));
        Assert.Equal(0, content.Read(6000, new byte[4]));
    }

    [Fact]
    public void A_change_leaves_the_content_that_it_was_made_from()
    {
        var before = FileContent.Of([1, 2, 3, 4]);
        var after = before.With(1, [9, 9]);
        Assert.Equal([1, 2, 3, 4], before.ToArray());
        Assert.Equal([1, 9, 9, 4], after.ToArray());
    }

    [Fact]
    public void Equal_bytes_have_equal_hashes_however_they_came_about()
    {
        var zeroed = FileContent.Of([1, 2, 3]).WithZeros(0, 10_000);
        Assert.Equal(FileContent.Empty.WithZeros(0, 10_000).Hash, zeroed.Hash);
        Assert.NotEqual(FileContent.Empty.WithZeros(0, 10_001).Hash, zeroed.Hash);
        Assert.NotEqual(FileContent.Of([1]).Hash, FileContent.Of([2]).Hash);
    }

    [Fact]
    public void A_file_that_was_cut_and_grows_again_holds_zeros_there()
    {
        var content = FileContent.Of([1, 2, 3, 4]).Resized(2).Resized(4);
        Assert.Equal([1, 2, 0, 0], content.ToArray());
    }
}
