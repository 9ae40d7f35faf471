using System.Buffers.Binary;
using System.Diagnostics;
using ControlPlane.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ControlPlane.Bench.Load;

/// <summary>Allocate (measured), then release, as the plain generated client does it: no pool, no retry.</summary>
internal sealed class AllocateLoad(ChannelBase channel, string function) : ILoad
{
    private const string Tenant = "bench";
    private readonly Allocator.AllocatorClient _allocator = new(channel);
    private readonly ByteString _client = ByteString.CopyFrom(Guid.NewGuid().ToByteArray());
    private long _sequence;

    public string Name => "allocate";

    public async Task<TimeSpan> CycleAsync(int client)
    {
        var sequence = (ulong)Interlocked.Increment(ref _sequence);
        var request = new AllocateRequest
        {
            RequestId = NewId(sequence),
            ClientId = _client,
            ClientSequence = sequence,
            ClientAcknowledged = sequence > AcknowledgedBehind ? sequence - AcknowledgedBehind : 0,
            Tenant = Tenant,
            Function = function,
            MaxWaitMs = 10_000,
            ColdPolicy = ColdPolicy.Allow,
            TtlMs = 60_000,
        };
        var start = Stopwatch.GetTimestamp();
        var granted = await _allocator.AllocateAsync(request);
        var elapsed = Stopwatch.GetElapsedTime(start);
        var lease = granted.Leases[0];
        await _allocator.ReleaseAsync(new ReleaseRequest
        {
            Tenant = Tenant,
            Leases = { new LeaseRef { Id = lease.Id, Fence = lease.Fence } },
        });
        return elapsed;
    }

    // More than the largest concurrency: what is acknowledged has been answered.
    private const ulong AcknowledgedBehind = 4096;

    private ByteString NewId(ulong sequence)
    {
        Span<byte> id = stackalloc byte[16];
        _client.Span[..8].CopyTo(id);
        BinaryPrimitives.WriteUInt64BigEndian(id[8..], sequence);
        return ByteString.CopyFrom(id);
    }
}
