using ControlPlane.Protocol.V1;
using Grpc.Core;

namespace ControlPlane.Client;

/// <summary>One append from its beginning until it is answered, refused or given up by its caller.</summary>
internal sealed class PendingAppend(AppendRequest request)
{
    private readonly TaskCompletionSource<AppendResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _givenUp;
    private volatile bool _mayBeApplied;

    public AppendRequest Request { get; } = request;

    public Task<AppendResponse> Answer => _answer.Task;

    /// <summary>True if nobody waits for it any more.</summary>
    public bool IsOver => _givenUp || _answer.Task.IsCompleted;

    /// <summary>Its caller waits no more.</summary>
    public void GiveUp() => _givenUp = true;

    /// <summary>It is about to be sent: from now on nobody can say that it was not appended, unless an answer says so.</summary>
    public void Sending() => _mayBeApplied = true;

    public void Answered(AppendResponse response) => _answer.TrySetResult(response);

    /// <summary>Refused for good, or out of time.</summary>
    /// <param name="failure">Why.</param>
    /// <param name="sentBefore">True if it was sent on an earlier stream as well, of which this refusal knows nothing.</param>
    public void Failed(ControlPlaneException failure, bool sentBefore) => _answer.TrySetException(
        sentBefore && failure.SpeaksOfThisAttemptOnly ? failure.With(CallOutcome.Unknown) : failure);

    /// <summary>Out of time.</summary>
    public ControlPlaneException TimedOut(ControlPlaneException? last) => new(
        _mayBeApplied ? CallOutcome.Unknown : CallOutcome.Unreachable,
        StatusCode.DeadlineExceeded,
        ErrorReason.Unspecified,
        "no answer within the deadline" + Because(last),
        last);

    /// <summary>Out of time before it began.</summary>
    public static ControlPlaneException NoRoom(ControlPlaneException? last) => new(
        CallOutcome.Unreachable,
        StatusCode.DeadlineExceeded,
        ErrorReason.Unspecified,
        $"{JournalAppender.UnansweredMax} appends of this appender were unanswered for the whole deadline" + Because(last),
        last);

    private static string Because(ControlPlaneException? last) => last is null ? "" : $"; last: {last.Message}";
}
