using System.Globalization;
using System.Threading.Channels;
using ControlPlane.Protocol.Errors;
using ControlPlane.Protocol.V1;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Hosting;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>
/// One allocation stream. Requests are served as they come and answered as they finish. Memory is bounded on both sides: at
/// most <see cref="Credits"/> requests are unanswered, and who does not read its answers is not read either.
/// </summary>
internal sealed class AllocateExchange(
    AllocatorService service,
    IAsyncStreamReader<AllocateStreamRequest> requests,
    IServerStreamWriter<AllocateStreamResponse> responses,
    ServerCallContext context,
    Stopping stopping)
{
    /// <summary>How many requests may be unanswered at a time.</summary>
    public const int Credits = 256;

    private static readonly WriteOptions MoreFollows = new(WriteFlags.BufferHint);

    private readonly HashSet<ulong> _unanswered = [];
    private readonly Channel<AllocateStreamResponse> _answers =
        Channel.CreateBounded<AllocateStreamResponse>(new BoundedChannelOptions(Credits) { SingleReader = true });

    /// <summary>Runs until the client has closed its side (or the node stops) and every answer due has been written.</summary>
    public async Task RunAsync()
    {
        await responses.WriteAsync(new AllocateStreamResponse { Credits = Credits }, context.CancellationToken);
        var writing = WriteAnswersAsync();
        try
        {
            await ServeRequestsAsync();
        }
        finally
        {
            _answers.Writer.Complete();
            await writing;
        }
    }

    private async Task ServeRequestsAsync()
    {
        using var end = stopping.Or(context.CancellationToken);
        var serving = new List<Task>();
        while (await MoveNextAsync(end.Token))
        {
            var request = requests.Current;
            switch (Admit(request.Tag))
            {
                case > Credits:
                    await _answers.Writer.WriteAsync(Overloaded(request), context.CancellationToken);
                    break;
                case 1:
                    // Alone: served on this very thread, so that no other one has to wake up for it. Not awaited: while it waits
                    // for a sandbox, the next one is read.
                    serving.RemoveAll(static served => served.IsCompletedSuccessfully);
                    serving.Add(ServeAsync(request));
                    break;
                default:
                    // In company: the reader goes on, so that requests that came together share one flush.
                    serving.RemoveAll(static served => served.IsCompletedSuccessfully);
                    serving.Add(Task.Run(() => ServeAsync(request)));
                    break;
            }
        }

        await Task.WhenAll(serving);
    }

    private async Task<bool> MoveNextAsync(CancellationToken end)
    {
        try
        {
            return await requests.MoveNext(end);
        }
        catch (Exception ended) when (ended is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled } && stopping.Token.IsCancellationRequested)
        {
            return false;
        }
    }

    private int Admit(ulong tag)
    {
        lock (_unanswered)
        {
            return _unanswered.Add(tag) ? _unanswered.Count : throw Fault("tag", $"{tag} is the tag of a request that is not answered yet");
        }
    }

    private async Task ServeAsync(AllocateStreamRequest request)
    {
        AllocateStreamResponse answer;
        try
        {
            answer = await AnswerAsync(request);
        }
        catch (RpcException refused) when (ErrorTable.ReasonOf(refused) != ErrorReason.Unspecified)
        {
            // Of this request alone: others may be of a partition that this node leads.
            answer = Refuse(request, Rejections.ToRefusal(refused));
        }

        await _answers.Writer.WriteAsync(answer, context.CancellationToken);
    }

    private async Task<AllocateStreamResponse> AnswerAsync(AllocateStreamRequest request) => request.RequestCase switch
    {
        AllocateStreamRequest.RequestOneofCase.Allocate => new() { Tag = request.Tag, Allocate = await service.AllocateItemAsync(request.Allocate, context) },
        AllocateStreamRequest.RequestOneofCase.Release => new() { Tag = request.Tag, Release = await service.Release(request.Release, context) },
        AllocateStreamRequest.RequestOneofCase.Renew => new() { Tag = request.Tag, Renew = await service.Renew(request.Renew, context) },
        _ => throw Fault("request", "missing, or of a kind that this version does not know"),
    };

    private async Task WriteAnswersAsync()
    {
        await foreach (var answer in _answers.Reader.ReadAllAsync(context.CancellationToken))
        {
            // Forgotten before it is sent: the client may use the tag again as soon as it has the answer.
            lock (_unanswered)
            {
                _unanswered.Remove(answer.Tag);
            }

            // What already waits behind this one shares its packet.
            responses.WriteOptions = _answers.Reader.TryPeek(out _) ? MoreFollows : null;
            await responses.WriteAsync(answer, context.CancellationToken);
        }
    }

    private static AllocateStreamResponse Overloaded(AllocateStreamRequest request)
    {
        var refusal = Rejections.Refuse(ErrorReason.Overloaded, $"{Credits} requests of this stream are unanswered; wait for an answer before the next");
        refusal.Metadata["what"] = "credits";
        refusal.Metadata["max"] = Credits.ToString(CultureInfo.InvariantCulture);
        return Refuse(request, refusal);
    }

    private static AllocateStreamResponse Refuse(AllocateStreamRequest request, Refusal refusal)
    {
        var answer = new AllocateStreamResponse { Tag = request.Tag };
        switch (request.RequestCase)
        {
            case AllocateStreamRequest.RequestOneofCase.Release:
                answer.Release = new ReleaseResponse();
                answer.Release.Items.AddRange(request.Release.Leases.Select(_ => new ReleaseResponse.Types.Item { Refused = refusal }));
                break;
            case AllocateStreamRequest.RequestOneofCase.Renew:
                answer.Renew = new RenewResponse();
                answer.Renew.Items.AddRange(request.Renew.Items.Select(_ => new RenewResponse.Types.Item { Refused = refusal }));
                break;
            default:
                answer.Allocate = new AllocateOutcome { Refused = refusal };
                break;
        }

        return answer;
    }

    private static RpcException Fault(string field, string description) =>
        ErrorTable.FieldViolations(new Google.Rpc.BadRequest.Types.FieldViolation { Field = field, Description = description });
}
