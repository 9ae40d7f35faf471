using System.Buffers.Binary;
using System.Collections.Concurrent;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Tests.Registers;

/// <summary>
/// Clients that increment the counter that a register holds, and what they were told. The value carries who wrote it and with which try, so
/// what is told can be held against what is there.
/// </summary>
internal sealed class CountingClients
{
    private readonly ConcurrentDictionary<ulong, (int Client, int Try)> _succeeded = new();
    private readonly ConcurrentDictionary<(int Client, int Try), bool> _refused = new();
    private int _unknown;
    private int _tries;

    public int Succeeded => _succeeded.Count;

    /// <summary>Runs the clients until each has succeeded as often as wanted; what cannot be told is read again, as a user would.</summary>
    public static async Task<CountingClients> RunAsync(int clients, int successesOfEach, Func<IConfigRegister> newClient, CancellationToken cancellation)
    {
        var count = new CountingClients();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(
            async () =>
            {
                var register = newClient();
                for (var successes = 0; successes < successesOfEach;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    successes += await count.CountOnceAsync(client, register, cancellation) ? 1 : 0;
                }
            },
            cancellation)));
        return count;
    }

    /// <summary>Reads and increments once. True if it was told that it did.</summary>
    public async Task<bool> CountOnceAsync(int client, IConfigRegister register, CancellationToken cancellation)
    {
        var attempt = Interlocked.Increment(ref _tries);
        var tried = false;
        try
        {
            var newest = _succeeded.IsEmpty ? 0 : _succeeded.Keys.Max();
            var value = await register.ReadAsync(cancellation);
            var version = value?.Version ?? 0;
            Assert.True(version >= newest, $"read version {version} after version {newest} was reported");
            AssertIsTrue(version, value?.Bytes);
            tried = true;
            if (await register.TryCompareAndSetAsync(version, Value(version + 1, client, attempt), cancellation))
            {
                Assert.True(_succeeded.TryAdd(version + 1, (client, attempt)), $"version {version + 1} was reported to two");
                return true;
            }

            _refused[(client, attempt)] = true;
        }
        catch (Exception e) when (e is RegisterUnavailableException or OperationCanceledException)
        {
            // Nothing is known of it: it may have counted.
            Interlocked.Add(ref _unknown, tried ? 1 : 0);
        }

        return false;
    }

    /// <summary>The final count is the reported successes and nothing but, save what could not be told.</summary>
    public async Task AssertIsWhatTheRegisterHoldsAsync(IConfigRegister register, CancellationToken cancellation)
    {
        var value = await register.ReadAsync(cancellation);
        var version = value?.Version ?? 0;
        AssertIsTrue(version, value?.Bytes);
        Assert.InRange(version, (ulong)Succeeded, (ulong)(Succeeded + _unknown));
    }

    private static byte[] Value(ulong count, int client, int attempt)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), client);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), attempt);
        return bytes;
    }

    private void AssertIsTrue(ulong version, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
        {
            Assert.Equal(0ul, version);
            return;
        }

        Assert.Equal(version, BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span));
        var by = (BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[8..]), BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[12..]));
        Assert.False(_refused.ContainsKey(by), "what was reported as refused never takes effect");
        Assert.True(!_succeeded.TryGetValue(version, out var told) || told == by, "a version has one value");
    }
}
