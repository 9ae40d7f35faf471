using ControlPlane.Worker.Storage;
using ControlPlane.Worker.Tests.Support;
using CsCheck;

namespace ControlPlane.Worker.Tests.Storage;

public sealed class StateFileTests
{
    [Fact]
    public void What_was_saved_last_is_read_back_even_if_it_is_shorter()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("state");
        Gen.Byte.Array[0, 50].Sample(
            content =>
            {
                StateFile.Save(path, content);
                Assert.True(StateFile.TryLoad(path, out var read, out _));
                Assert.Equal(content, read);
            },
            iter: 50,
            threads: 1);
    }

    [Fact]
    public void A_file_that_was_cut_anywhere_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("state");
        StateFile.Save(path, "content"u8);
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.False(StateFile.TryLoad(path, out _, out var cause));
            Assert.Equal("its checksum does not fit its content", cause);
        }
    }

    [Fact]
    public void A_changed_bit_anywhere_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("state");
        StateFile.Save(path, "content"u8);
        var whole = File.ReadAllBytes(path);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, damaged);
            Assert.False(StateFile.TryLoad(path, out _, out _), $"bit {bit} was changed");
        }
    }

    [Fact]
    public void A_missing_file_is_told_from_a_damaged_one()
    {
        using var directory = new TemporaryDirectory();
        Assert.False(StateFile.TryLoad(directory.File("state"), out _, out var cause));
        Assert.Equal("the file is missing", cause);
    }
}
