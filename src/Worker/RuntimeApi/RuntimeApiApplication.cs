using System.Globalization;
using ControlPlane.Primitives;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>The four calls of the Runtime API, each turned into a step of the caller's <see cref="Exchange"/>.</summary>
internal sealed class RuntimeApiApplication : IHttpApplication<HttpContext>
{
    /// <summary>Largest event and largest answer, in bytes.</summary>
    public const int PayloadBytesMax = 6 * 1024 * 1024;

    private const string Root = "/2018-06-01/runtime/";
    private const string InvocationPrefix = Root + "invocation/";
    private const string Json = "application/json";
    private const string ErrorTypeHeader = "Lambda-Runtime-Function-Error-Type";

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public Task ProcessRequestAsync(HttpContext context)
    {
        var exchange = context.Features.Get<Exchange>();
        Invariant.Check(exchange is not null, "every connection was stamped with its process");
        var path = context.Request.Path.Value ?? "";
        return path switch
        {
            InvocationPrefix + "next" => IsMethod(context, HttpMethods.Get) ? NextAsync(context, exchange) : WrongMethodAsync(context, HttpMethods.Get),
            Root + "init/error" => IsMethod(context, HttpMethods.Post) ? InitErrorAsync(context, exchange) : WrongMethodAsync(context, HttpMethods.Post),
            _ when TrySplit(path, out var id, out var isError) =>
                IsMethod(context, HttpMethods.Post) ? AnswerAsync(context, exchange, id, isError) : WrongMethodAsync(context, HttpMethods.Post),
            _ => RefuseAsync(context, StatusCodes.Status404NotFound, "NotFound", $"there is no {path} in the Runtime API of 2018-06-01"),
        };
    }

    private static async Task NextAsync(HttpContext context, Exchange exchange)
    {
        if (await exchange.NextAsync(context.RequestAborted) is not { } invocation)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "InvalidStateTransition", "the last event is not answered yet, or another request waits for the next");
            return;
        }

        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.Id;
        headers["Lambda-Runtime-Deadline-Ms"] = invocation.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = exchange.Identity.FunctionArn;
        if (invocation.TraceId.Length > 0)
        {
            headers["Lambda-Runtime-Trace-Id"] = invocation.TraceId;
        }

        await WriteAsync(context, StatusCodes.Status200OK, invocation.Payload);
    }

    private static async Task AnswerAsync(HttpContext context, Exchange exchange, string id, bool isError)
    {
        if (!exchange.IsRunning(id))
        {
            await RefuseAnswerAsync(context, exchange.Answer(id, TooLarge), id);
            return;
        }

        if (await RequestBody.ReadAsync(context.Request, PayloadBytesMax) is not { } body)
        {
            _ = exchange.Answer(id, TooLarge);
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "RequestEntityTooLarge", $"an answer has at most {PayloadBytesMax} bytes");
            return;
        }

        InvocationOutcome outcome = isError
            ? new InvocationOutcome.Failed(RuntimeError.Read(body, context.Request.Headers[ErrorTypeHeader]))
            : new InvocationOutcome.Answered(body);
        var status = exchange.Answer(id, outcome);
        await (status == AnswerStatus.Taken ? AcceptAsync(context) : RefuseAnswerAsync(context, status, id));
    }

    private static async Task InitErrorAsync(HttpContext context, Exchange exchange)
    {
        var body = await RequestBody.ReadAsync(context.Request, PayloadBytesMax);
        var error = RuntimeError.Read(body ?? ReadOnlyMemory<byte>.Empty, context.Request.Headers[ErrorTypeHeader]);
        await (exchange.FailInitialization(error)
            ? AcceptAsync(context)
            : RefuseAsync(context, StatusCodes.Status403Forbidden, "InvalidStateTransition", "the runtime has initialized already"));
    }

    private static InvocationOutcome TooLarge { get; } = new InvocationOutcome.Failed(
        new RuntimeError("Function.ResponseSizeTooLarge", $"the answer is larger than {PayloadBytesMax} bytes"));

    private static Task RefuseAnswerAsync(HttpContext context, AnswerStatus status, string id) => status == AnswerStatus.UnknownId
        ? RefuseAsync(context, StatusCodes.Status400BadRequest, "InvalidRequestID", $"invocation {id} is not the one that is running")
        : RefuseAsync(context, StatusCodes.Status403Forbidden, "InvalidStateTransition", $"invocation {id} is over: nothing is running");

    private static Task AcceptAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status202Accepted, "{\"status\":\"OK\"}"u8.ToArray());

    private static Task RefuseAsync(HttpContext context, int status, string type, string message) =>
        WriteAsync(context, status, new RuntimeError(type, message).ToJson());

    private static Task WrongMethodAsync(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"this path takes {allowed}");
    }

    private static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Json;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static bool IsMethod(HttpContext context, string method) => HttpMethods.Equals(context.Request.Method, method);

    /// <summary>Cuts <c>.../invocation/ID/response</c> and <c>.../invocation/ID/error</c>.</summary>
    private static bool TrySplit(string path, out string id, out bool isError)
    {
        (id, isError) = ("", false);
        if (!path.StartsWith(InvocationPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = path.AsSpan(InvocationPrefix.Length);
        var slash = rest.IndexOf('/');
        if (slash <= 0 || rest[(slash + 1)..] is not ("response" or "error"))
        {
            return false;
        }

        id = rest[..slash].ToString();
        isError = rest[(slash + 1)..] is "error";
        return true;
    }
}
