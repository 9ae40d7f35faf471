using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;

namespace ControlPlane.Journal.Tests.Register;

public sealed class FileConfigRegisterTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.Combine("register");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_register_that_was_never_written_has_no_value()
    {
        using var register = Open();
        Assert.Null(register.Read());
    }

    [Fact]
    public void A_value_is_set_only_over_the_expected_version()
    {
        using var register = Open();
        Assert.False(register.TryCompareAndSet(1, [9]));
        Assert.True(register.TryCompareAndSet(0, [1]));
        Assert.False(register.TryCompareAndSet(0, [2]));
        Assert.True(register.TryCompareAndSet(1, [3]));
        Assert.Equal(2ul, register.Read()!.Version);
        Assert.Equal([3], register.Read()!.Bytes.ToArray());
    }

    [Fact]
    public void A_value_survives_reopening_and_may_grow_and_shrink()
    {
        foreach (var (version, length) in new[] { (1ul, 10), (2ul, 5000), (3ul, 0), (4ul, 100_000) })
        {
            using (var register = Open())
            {
                Assert.True(register.TryCompareAndSet(version - 1, new byte[length]));
            }

            using var reopened = Open();
            Assert.Equal((version, length), (reopened.Read()!.Version, reopened.Read()!.Bytes.Length));
        }
    }

    [Fact]
    public void A_set_that_was_reported_survives_a_kill_anywhere()
    {
        var reported = 0ul;
        var points = CrashPoints.Run((disk, directory) =>
        {
            reported = 0;
            using var register = FileConfigRegister.Open(directory.Combine("register"), disk);
            for (var version = 0ul; version < 4; version++)
            {
                Assert.True(register.TryCompareAndSet(version, [(byte)(version + 1)]));
                reported = version + 1;
            }
        },
        (directory, _) =>
        {
            using var register = FileConfigRegister.Open(directory.Combine("register"), new PhysicalDisk());
            var version = register.Read()?.Version ?? 0;
            Assert.InRange(version, reported, reported + 1);
            Assert.Equal(version == 0 ? [] : [(byte)version], register.Read()?.Bytes.ToArray() ?? []);
            Assert.True(register.TryCompareAndSet(version, [77]));
        });
        Assert.True(points >= 20, $"only {points} crash points");
    }

    [Theory]
    [InlineData(".a")]
    [InlineData(".b")]
    public void One_damaged_slot_never_brings_an_old_value_back(string slot)
    {
        using (var register = Open())
        {
            Assert.True(register.TryCompareAndSet(0, [1]));
            Assert.True(register.TryCompareAndSet(1, [2]));
        }

        TestReplica.FlipBit(Path + slot, 40 - 8);
        using (var register = Open())
        {
            Assert.Equal((2ul, (byte)2), (register.Read()!.Version, register.Read()!.Bytes.Span[0]));
        }

        // Repaired: the other slot may be damaged now.
        TestReplica.FlipBit(Path + (slot == ".a" ? ".b" : ".a"), 40 - 8);
        using var again = Open();
        Assert.Equal(2ul, again.Read()!.Version);
    }

    [Fact]
    public void Two_damaged_slots_are_refused_and_never_read_as_empty()
    {
        using (var register = Open())
        {
            Assert.True(register.TryCompareAndSet(0, [1]));
        }

        TestReplica.FlipBit(Path + ".a", 0);
        File.WriteAllBytes(Path + ".b", []);
        var refusal = Assert.Throws<JournalRefusedException>(() => Open());
        Assert.Equal(RefusalReason.DamagedSlots, refusal.Reason);
        Assert.Throws<JournalRefusedException>(() => FileConfigRegister.Peek(Path, new PhysicalDisk()));
    }

    [Fact]
    public void A_register_has_one_owner_at_a_time()
    {
        using var register = Open();
        Assert.Equal(RefusalReason.Locked, Assert.Throws<JournalRefusedException>(() => Open()).Reason);
        Assert.Null(FileConfigRegister.Peek(Path, new PhysicalDisk()));
    }

    private FileConfigRegister Open() => FileConfigRegister.Open(Path, new PhysicalDisk());
}
