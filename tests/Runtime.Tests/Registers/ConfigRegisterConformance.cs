using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Tests.Registers;

/// <summary>What every register must do, whatever it is made of. One subclass for each implementation; each test has a register of its own.</summary>
public abstract class ConfigRegisterConformance : IAsyncLifetime
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>A client of this test's register; several may be used at once. Disposed by the subclass.</summary>
    protected abstract IConfigRegister NewClient();

    /// <summary>Ends every client and whatever else this process runs of the register, and begins again with what is durable.</summary>
    protected abstract ValueTask RestartAsync();

    [Fact]
    public async Task A_register_that_was_never_written_has_no_value_and_no_version()
    {
        var register = NewClient();
        Assert.Null(await register.ReadAsync(Stop));
        Assert.False(await register.TryCompareAndSetAsync(1, new byte[] { 1 }, Stop));
        Assert.Null(await register.ReadAsync(Stop));
    }

    [Fact]
    public async Task The_first_write_makes_version_one()
    {
        var register = NewClient();
        Assert.True(await register.TryCompareAndSetAsync(0, new byte[] { 1, 2 }, Stop));
        await AssertHoldsAsync(register, 1, [1, 2]);
    }

    [Fact]
    public async Task A_stale_write_is_refused_and_changes_nothing()
    {
        var register = NewClient();
        Assert.True(await register.TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));
        Assert.True(await register.TryCompareAndSetAsync(1, new byte[] { 2 }, Stop));
        foreach (var stale in new ulong[] { 0, 1, 3, 1_000, ulong.MaxValue - 1 })
        {
            Assert.False(await register.TryCompareAndSetAsync(stale, new byte[] { 9 }, Stop));
        }

        await AssertHoldsAsync(register, 2, [2]);
    }

    [Fact]
    public async Task What_one_client_wrote_every_client_reads()
    {
        IConfigRegister[] clients = [NewClient(), NewClient(), NewClient()];
        for (var version = 0; version < 9; version++)
        {
            Assert.True(await clients[version % 3].TryCompareAndSetAsync((ulong)version, new[] { (byte)version }, Stop));
            await AssertHoldsAsync(clients[version % 3], (ulong)version + 1, [(byte)version]);
            await AssertHoldsAsync(clients[(version + 1) % 3], (ulong)version + 1, [(byte)version]);
        }
    }

    [Fact]
    public async Task The_same_bytes_written_again_are_a_new_version()
    {
        var register = NewClient();
        for (var version = 0ul; version < 4; version++)
        {
            Assert.True(await register.TryCompareAndSetAsync(version, new byte[] { 5 }, Stop));
            await AssertHoldsAsync(register, version + 1, [5]);
        }
    }

    [Fact]
    public async Task Values_of_every_allowed_size_come_back_as_they_were()
    {
        var register = NewClient();
        var version = 0ul;
        foreach (var size in new[] { 1, 0, 511, 70_000, IConfigRegister.ValueBytesMax, 3 })
        {
            var value = new byte[size];
            new SplitMix((ulong)size).Fill(value);
            Assert.True(await register.TryCompareAndSetAsync(version++, value, Stop));
            await AssertHoldsAsync(register, version, value);
        }

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await register.TryCompareAndSetAsync(version, new byte[IConfigRegister.ValueBytesMax + 1], Stop));
        await AssertHoldsAsync(register, version, (await register.ReadAsync(Stop))!.Bytes.ToArray());
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        var register = NewClient();
        Assert.True(await register.TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));
        Assert.True(await register.TryCompareAndSetAsync(1, new byte[] { 2 }, Stop));
        await RestartAsync();
        register = NewClient();
        await AssertHoldsAsync(register, 2, [2]);
        Assert.False(await register.TryCompareAndSetAsync(0, new byte[] { 3 }, Stop));
        Assert.True(await register.TryCompareAndSetAsync(2, new byte[] { 4 }, Stop));
        await AssertHoldsAsync(register, 3, [4]);
    }

    [Fact]
    public async Task Of_five_clients_that_count_at_once_none_loses_a_count()
    {
        var count = await CountingClients.RunAsync(5, 12, NewClient, Stop);
        await count.AssertIsWhatTheRegisterHoldsAsync(NewClient(), Stop);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_begins_does_nothing()
    {
        var register = NewClient();
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await register.ReadAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await register.TryCompareAndSetAsync(0, new byte[] { 1 }, cancelled));
        Assert.Null(await register.ReadAsync(Stop));
    }

    [Fact]
    public async Task Clients_that_cancel_on_the_way_leave_a_register_that_counts_right()
    {
        var count = new CountingClients();
        var register = NewClient();
        for (var i = 0; i < 25; i++)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var counting = count.CountOnceAsync(0, register, cancel.Token);
            for (var spins = 0; spins < i * 20 && !counting.IsCompleted; spins++)
            {
                await Task.Yield();
            }

            await cancel.CancelAsync();
            await counting;
        }

        await count.CountOnceAsync(0, register, Stop);
        await count.AssertIsWhatTheRegisterHoldsAsync(NewClient(), Stop);
    }

    protected static async Task AssertHoldsAsync(IConfigRegister register, ulong version, byte[] bytes)
    {
        var value = await register.ReadAsync(Stop);
        Assert.Equal(version, value?.Version);
        Assert.True(bytes.AsSpan().SequenceEqual(value!.Bytes.Span), "the bytes are those that were written");
    }
}
