using ControlPlane.Runtime.Registers;
using Grpc.Core;

namespace ControlPlane.Runtime.Tests.Registers;

/// <summary>What is sent to etcd's members, and how their failures are told.</summary>
public sealed class EtcdRequestTests
{
    private static readonly EtcdRegisterOptions Options = new() { Endpoints = [], Cluster = "c", Journal = "j" };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Unknown)]
    public async Task A_write_whose_outcome_is_unknown_is_never_sent_again(StatusCode code)
    {
        Member[] members = [new(code), new(code), new(code)];
        await using var register = new EtcdConfigRegister(Options, TimeProvider.System, members);
        await Assert.ThrowsAsync<RegisterUnavailableException>(async () => await register.TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));
        Assert.Equal([1, 0, 0], members.Select(m => m.Requests));

        // The next call begins with the next member.
        await Assert.ThrowsAsync<RegisterUnavailableException>(async () => await register.TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));
        Assert.Equal([1, 1, 0], members.Select(m => m.Requests));
    }

    [Fact]
    public async Task A_write_for_which_no_connection_could_be_made_goes_to_the_next_member()
    {
        var refused = new HttpRequestException(HttpRequestError.ConnectionError);
        Member[] members = [new(StatusCode.Unavailable, refused), new(StatusCode.Unavailable, refused), new(StatusCode.Internal)];
        await using var register = new EtcdConfigRegister(Options, TimeProvider.System, members);
        await Assert.ThrowsAsync<RegisterUnavailableException>(async () => await register.TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));
        Assert.Equal([1, 1, 1], members.Select(m => m.Requests));
    }

    [Fact]
    public async Task A_read_asks_every_member_once()
    {
        Member[] members = [new(StatusCode.Unavailable), new(StatusCode.DeadlineExceeded), new(StatusCode.Unavailable)];
        await using var register = new EtcdConfigRegister(Options, TimeProvider.System, members);
        await Assert.ThrowsAsync<RegisterUnavailableException>(async () => await register.ReadAsync(Stop));
        Assert.Equal([1, 1, 1], members.Select(m => m.Requests));
    }

    [Theory]
    [InlineData("", "j")]
    [InlineData("c", "")]
    [InlineData("c/d", "j")]
    [InlineData("c", "../j")]
    public void A_name_that_would_change_the_keys_shape_is_refused(string cluster, string journal) =>
        Assert.Throws<ArgumentException>(() => (Options with { Cluster = cluster, Journal = journal }).Key);

    [Fact]
    public void The_key_names_cluster_and_journal() => Assert.Equal("/controlplane/c/j/config", Options.Key);

    private sealed class Member(StatusCode code, Exception? cause = null) : CallInvoker
    {
        public int Requests { get; private set; }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            Requests++;
            var status = new Status(code, "as the test wants it", cause);
            return new AsyncUnaryCall<TResponse>(
                Task.FromException<TResponse>(new RpcException(status)), Task.FromResult(new Metadata()), () => status, () => [], () => { });
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
            throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) =>
            throw new NotSupportedException();
    }
}
