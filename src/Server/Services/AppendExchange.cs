using System.Threading.Channels;
using ControlPlane.Protocol.V1;
using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;
using ControlPlane.Server.Answers;
using ControlPlane.Server.Hosting;
using ControlPlane.Server.Validation;
using Grpc.Core;
using AppendRequest = ControlPlane.Protocol.V1.AppendRequest;

namespace ControlPlane.Server.Services;

/// <summary>
/// One stream of appends. What arrives together is posted to the journal together and shares its flush; answers leave in the order of the requests,
/// those that are there together in one message. So under load an append costs no wake-up of its own on either side.
/// Memory is bounded: <see cref="UnansweredMax"/> requests are unanswered, and who does not read answers is not read either.
/// </summary>
internal sealed class AppendExchange(
    HostedJournals journals,
    IAsyncStreamReader<AppendStreamRequest> requests,
    IServerStreamWriter<AppendStreamResponse> responses,
    ServerCallContext context,
    Stopping stopping)
{
    /// <summary>How many requests may be unanswered at a time, and how many one message may hold.</summary>
    public const int UnansweredMax = 512;

    private readonly Channel<Due> _due = Channel.CreateBounded<Due>(new BoundedChannelOptions(UnansweredMax) { SingleReader = true, SingleWriter = true });
    private readonly List<Replication.Appending.AppendRequest> _together = [];
    private string? _name;
    private JournalHost? _journal;

    /// <summary>Runs until the client has closed its side (or the node stops) and every answer due was written, or an append is refused.</summary>
    public async Task RunAsync()
    {
        using var end = stopping.Or(context.CancellationToken);
        var answering = AnswerAsync(end);
        try
        {
            await ReadAsync(end.Token);
        }
        finally
        {
            _due.Writer.TryComplete();
            await answering;
        }
    }

    private async Task ReadAsync(CancellationToken end)
    {
        try
        {
            if (await PostAllAsync(end) is { } refusal)
            {
                // Told behind the answers to what came before it.
                await _due.Writer.WriteAsync(new Due(default, refusal), end);
            }
        }
        catch (Exception ended) when (end.IsCancellationRequested && ended is OperationCanceledException or RpcException)
        {
            // The node stops, the client has gone, or an answer was a refusal: nothing more is read.
        }
    }

    /// <summary>Posts what comes until nothing more does; what is refused before it reaches the journal ends it.</summary>
    private async Task<Exception?> PostAllAsync(CancellationToken end)
    {
        while (true)
        {
            Exception? refusal = null;
            try
            {
                if (!await requests.MoveNext(end))
                {
                    return null;
                }

                Check(requests.Current);
            }
            catch (RpcException refused) when (!end.IsCancellationRequested)
            {
                refusal = refused;
            }

            refusal = await PostTogetherAsync(end) ?? refusal;
            if (refusal is not null)
            {
                return refusal;
            }
        }
    }

    /// <summary>Takes in what is sound, up to the first that is not.</summary>
    private void Check(AppendStreamRequest request)
    {
        var checks = new FieldChecks();
        checks.Count("appends", request.Appends.Count, 1, UnansweredMax);
        checks.ThrowIfAny();
        for (var i = 0; i < request.Appends.Count; i++)
        {
            _together.Add(Check(checks, i, request.Appends[i]));
        }
    }

    private Replication.Appending.AppendRequest Check(FieldChecks checks, int index, AppendRequest request)
    {
        checks.Enter("appends", index);
        var append = JournalRequests.Append(checks, request);
        checks.Require(_name is null || _name == request.Journal, "journal", $"'{request.Journal}' is not the journal of the requests before it, '{_name}'");
        checks.Leave();
        checks.ThrowIfAny();
        _journal ??= journals.FindWritable(request.Journal);
        _name = request.Journal;
        return append;
    }

    private async ValueTask<Exception?> PostTogetherAsync(CancellationToken end)
    {
        if (_together.Count == 0)
        {
            return null;
        }

        ValueTask<AppendResult>[] answers;
        try
        {
            answers = _journal!.AppendAll(_together);
        }
        catch (JournalOverloadedException full)
        {
            return full;
        }

        _together.Clear();
        foreach (var answer in answers)
        {
            await _due.Writer.WriteAsync(new Due(answer, null), end);
        }

        return null;
    }

    private async Task AnswerAsync(CancellationTokenSource end)
    {
        var answers = new AppendStreamResponse();
        try
        {
            await foreach (var due in _due.Reader.ReadAllAsync(context.CancellationToken))
            {
                if (due.Refusal is { } refusal)
                {
                    throw refusal;
                }

                answers.Answers.Add((await due.Answer).ToWire(_journal!.Engine));
                if (!_due.Reader.TryPeek(out var next) || next is not { Refusal: null, Answer.IsCompletedSuccessfully: true })
                {
                    await responses.WriteAsync(answers, context.CancellationToken);
                    answers.Answers.Clear();
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await end.CancelAsync();
            throw JournalFailures.Translate(failure, context) ?? failure;
        }
    }

    /// <summary>What has to be told next: an answer that may still be waited for, or why there is none.</summary>
    private readonly record struct Due(ValueTask<AppendResult> Answer, Exception? Refusal);
}
