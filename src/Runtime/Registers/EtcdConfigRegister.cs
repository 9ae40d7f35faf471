using ControlPlane.Journal.Register;
using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ControlPlane.Runtime.Registers;

/// <summary>
/// The <c>etcd</c> register: one key of an etcd cluster (API v3). Guarantee: as <see cref="IConfigRegister"/>, by etcd's own replication: a
/// success is on a majority of its members' disks.
/// </summary>
/// <remarks>
/// The version is etcd's version of the key, which counts the key's writes from 1 and is compared inside the transaction. Deleting the key
/// would begin it anew: the register never deletes it, and nobody else may. The value is stored as it is, readable with <c>etcdctl get</c>.
///
/// A transaction is sent once and never repeated, because a repetition of one that had worked would report another version. It goes to the
/// next member only if no connection could be made; any other failure leaves the outcome unknown. Reads are tried at every member.
/// </remarks>
public sealed class EtcdConfigRegister : IConfigRegister
{
    private readonly ByteString _key;
    private readonly TimeSpan _requestTimeout;
    private readonly TimeProvider _time;
    private readonly IReadOnlyList<GrpcChannel> _channels;
    private readonly IReadOnlyList<EtcdClient> _members;
    private int _member;

    /// <summary>A client; it connects when it is first asked.</summary>
    public EtcdConfigRegister(EtcdRegisterOptions options, TimeProvider time)
        : this(options, time, [.. options.Endpoints.Select(endpoint => Channel(endpoint, options))])
    {
    }

    private EtcdConfigRegister(EtcdRegisterOptions options, TimeProvider time, GrpcChannel[] channels)
        : this(options, time, [.. channels.Select(c => c.CreateCallInvoker())]) => _channels = channels;

    /// <summary>For tests: with what the members are reached by.</summary>
    internal EtcdConfigRegister(EtcdRegisterOptions options, TimeProvider time, CallInvoker[] members)
    {
        ArgumentOutOfRangeException.ThrowIfZero(members.Length, nameof(options));
        _key = ByteString.CopyFromUtf8(options.Key);
        _requestTimeout = options.RequestTimeout;
        _time = time;
        _channels = [];
        _members = [.. members.Select(m => new EtcdClient(m))];
    }

    /// <inheritdoc/>
    public async ValueTask<RegisterValue?> ReadAsync(CancellationToken cancellation)
    {
        // Linearizable is etcd's default: the member asks a majority whether it is up to date.
        var response = await AtAnyMemberAsync(
            (member, deadline) => member.GetAsync(new RangeRequest { Key = _key }, deadline: deadline, cancellationToken: cancellation), _ => true, cancellation);
        return response.Kvs.Count == 0 ? null : new RegisterValue((ulong)response.Kvs[0].Version, response.Kvs[0].Value.Memory);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryCompareAndSetAsync(ulong expectedVersion, ReadOnlyMemory<byte> value, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, IConfigRegister.ValueBytesMax, nameof(value));
        if (expectedVersion >= long.MaxValue)
        {
            return false; // Beyond what etcd can count to: no key has it.
        }

        var transaction = new TxnRequest
        {
            Compare =
            {
                new Compare
                {
                    Key = _key, Target = Compare.Types.CompareTarget.Version, Result = Compare.Types.CompareResult.Equal, Version = (long)expectedVersion,
                },
            },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = _key, Value = ByteString.CopyFrom(value.Span) } } },
        };
        var response = await AtAnyMemberAsync(
            (member, deadline) => member.TransactionAsync(transaction, deadline: deadline, cancellationToken: cancellation), WasNeverSent, cancellation);
        return response.Succeeded;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            member.Dispose();
        }

        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static GrpcChannel Channel(Uri endpoint, EtcdRegisterOptions options)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = options.RequestTimeout };
        if (options.Tls is { } tls)
        {
            handler.SslOptions = tls;
        }

        // No service configuration: gRPC repeats nothing of its own accord but what certainly never reached the server.
        return GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = IConfigRegister.ValueBytesMax + (64 << 10),
        });
    }

    private static bool WasNeverSent(RpcException error) =>
        error.Status.DebugException is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    // Begins with the member that worked last. After a failure the next call begins with the next member.
    private async Task<T> AtAnyMemberAsync<T>(Func<EtcdClient, DateTime, Task<T>> request, Func<RpcException, bool> mayTryNext, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        for (var tried = 1; ; tried++)
        {
            var member = Volatile.Read(ref _member);
            try
            {
                return await request(_members[member], _time.GetUtcNow().UtcDateTime + _requestTimeout);
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException && cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException("The call was cancelled; its outcome is unknown.", e, cancellation);
            }
            catch (RpcException e)
            {
                Interlocked.CompareExchange(ref _member, (member + 1) % _members.Count, member);
                if (tried >= _members.Count || !mayTryNext(e))
                {
                    throw new RegisterUnavailableException($"etcd did not answer ({e.StatusCode}: {e.Status.Detail}).", e);
                }
            }
        }
    }
}
