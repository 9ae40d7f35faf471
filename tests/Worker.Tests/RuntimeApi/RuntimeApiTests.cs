using System.Net;
using System.Net.Sockets;
using System.Text;
using ControlPlane.Worker.RuntimeApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace ControlPlane.Worker.Tests.RuntimeApi;

/// <summary>The Runtime API as a runtime sees it, over raw HTTP.</summary>
public sealed class RuntimeApiTests : IAsyncLifetime
{
    private const string Root = "/2018-06-01/runtime/";

    private readonly RuntimeApiServer _server = new(NullLoggerFactory.Instance);
    private readonly HttpClient _http = new();
    private readonly List<RuntimeEndpoint> _endpoints = [];

    public async ValueTask InitializeAsync() => await _server.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _endpoints.ForEach(endpoint => endpoint.Dispose());
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_next_event_comes_with_its_headers()
    {
        var endpoint = Open();
        var deadline = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        endpoint.Exchange.Offer(new Invocation("id-1", "event"u8.ToArray(), "Root=1-2", deadline));

        using var response = await GetAsync(endpoint, "invocation/next");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("event", await TextOfAsync(response));
        Assert.Equal("id-1", response.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single());
        Assert.Equal("1700000000123", response.Headers.GetValues("Lambda-Runtime-Deadline-Ms").Single());
        Assert.Equal("arn:test", response.Headers.GetValues("Lambda-Runtime-Invoked-Function-Arn").Single());
        Assert.Equal("Root=1-2", response.Headers.GetValues("Lambda-Runtime-Trace-Id").Single());
    }

    [Fact]
    public async Task Asking_waits_until_there_is_an_event()
    {
        var endpoint = Open();
        var asking = GetAsync(endpoint, "invocation/next");
        Assert.Null(await endpoint.Exchange.Initialized);

        endpoint.Exchange.Offer(NewInvocation("id-1"));

        using var response = await asking;
        Assert.Equal("id-1", response.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single());
    }

    [Fact]
    public async Task An_answer_is_accepted_once()
    {
        var endpoint = Open();
        var invocation = await TakeAsync(endpoint, "id-1");

        using var first = await PostAsync(endpoint, "invocation/id-1/response", "answer");
        using var second = await PostAsync(endpoint, "invocation/id-1/response", "answer");

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        var answered = Assert.IsType<InvocationOutcome.Answered>(await invocation.Outcome);
        Assert.Equal("answer", Encoding.UTF8.GetString(answered.Payload.Span));
        await AssertRefusedAsync(second, HttpStatusCode.Forbidden, "InvalidStateTransition");
    }

    [Fact]
    public async Task A_function_error_is_accepted_with_its_type_and_message()
    {
        var endpoint = Open();
        var invocation = await TakeAsync(endpoint, "id-1");

        using var response = await PostAsync(endpoint, "invocation/id-1/error", """{"errorType":"TypeError","errorMessage":"x is not y"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(new InvocationOutcome.Failed(new RuntimeError("TypeError", "x is not y")), await invocation.Outcome);
    }

    [Fact]
    public async Task An_unknown_id_is_a_bad_request()
    {
        var endpoint = Open();
        var invocation = await TakeAsync(endpoint, "id-1");

        using var response = await PostAsync(endpoint, "invocation/id-2/response", "answer");

        await AssertRefusedAsync(response, HttpStatusCode.BadRequest, "InvalidRequestID");
        Assert.False(invocation.Outcome.IsCompleted);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_refused_and_fails_the_invocation()
    {
        var endpoint = Open();
        var invocation = await TakeAsync(endpoint, "id-1");

        // Chunked, so that the size shows only while it is read.
        using var content = new StreamContent(new MemoryStream(new byte[RuntimeApiApplication.PayloadBytesMax + 1]));
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(endpoint, "invocation/id-1/response")) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);

        await AssertRefusedAsync(response, HttpStatusCode.RequestEntityTooLarge, "RequestEntityTooLarge");
        var failed = Assert.IsType<InvocationOutcome.Failed>(await invocation.Outcome);
        Assert.Equal("Function.ResponseSizeTooLarge", failed.Error.Type);
    }

    [Fact]
    public async Task An_initialization_error_is_taken_before_the_first_event_and_not_after()
    {
        var endpoint = Open();
        using var early = await PostAsync(endpoint, "init/error", """{"errorType":"Import","errorMessage":"no module"}""");
        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        Assert.Equal(new RuntimeError("Import", "no module"), await endpoint.Exchange.Initialized);

        var running = Open();
        await TakeAsync(running, "id-1");
        using var late = await PostAsync(running, "init/error", "{}");
        await AssertRefusedAsync(late, HttpStatusCode.Forbidden, "InvalidStateTransition");
    }

    [Fact]
    public async Task Unknown_paths_and_wrong_methods_are_refused()
    {
        var endpoint = Open();
        using var path = await GetAsync(endpoint, "invocation/soon");
        using var method = await PostAsync(endpoint, "invocation/next", "");

        await AssertRefusedAsync(path, HttpStatusCode.NotFound, "NotFound");
        await AssertRefusedAsync(method, HttpStatusCode.MethodNotAllowed, "MethodNotAllowed");
    }

    [Fact]
    public async Task Each_process_gets_only_its_own_events()
    {
        RuntimeEndpoint one = Open(), two = Open();
        one.Exchange.Offer(NewInvocation("for-one"));
        two.Exchange.Offer(NewInvocation("for-two"));

        using var atTwo = await GetAsync(two, "invocation/next");
        using var atOne = await GetAsync(one, "invocation/next");

        Assert.Equal("for-two", atTwo.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single());
        Assert.Equal("for-one", atOne.Headers.GetValues("Lambda-Runtime-Aws-Request-Id").Single());
    }

    [Fact]
    public async Task A_closed_endpoint_takes_no_connection()
    {
        var endpoint = Open();
        endpoint.Dispose();

        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(async () => await client.ConnectAsync(
            IPEndPoint.Parse(endpoint.Address), TestContext.Current.CancellationToken));
    }

    private RuntimeEndpoint Open()
    {
        var endpoint = _server.Open(new Exchange(new SandboxIdentity(default, "arn:test"), TimeProvider.System));
        _endpoints.Add(endpoint);
        return endpoint;
    }

    private async Task<Invocation> TakeAsync(RuntimeEndpoint endpoint, string id)
    {
        var invocation = NewInvocation(id);
        endpoint.Exchange.Offer(invocation);
        using var response = await GetAsync(endpoint, "invocation/next");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return invocation;
    }

    private Task<HttpResponseMessage> GetAsync(RuntimeEndpoint endpoint, string path) =>
        _http.GetAsync(Url(endpoint, path), TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> PostAsync(RuntimeEndpoint endpoint, string path, string body)
    {
        using var content = new StringContent(body);
        return await _http.PostAsync(Url(endpoint, path), content, TestContext.Current.CancellationToken);
    }

    private static Uri Url(RuntimeEndpoint endpoint, string path) => new($"http://{endpoint.Address}{Root}{path}");

    private static Invocation NewInvocation(string id) => new(id, "event"u8.ToArray(), "", DateTimeOffset.UnixEpoch);

    private static Task<string> TextOfAsync(HttpResponseMessage response) =>
        response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static async Task AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status, string type)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Contains($"\"errorType\":\"{type}\"", await TextOfAsync(response), StringComparison.Ordinal);
    }
}
