using ControlPlane.Replication.Appending;
using ControlPlane.Runtime.Journals;
using ControlPlane.Server.Errors;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>What a caller is told when a journal did not answer a writing call.</summary>
internal static class JournalFailures
{
    /// <summary>Awaits an answer, or throws what the caller is refused with.</summary>
    public static async ValueTask<AppendResult> TranslateAsync(Func<ValueTask<AppendResult>> write, ServerCallContext context)
    {
        try
        {
            return await write();
        }
        catch (Exception failure) when (Translate(failure, context) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>The refusal for a failure of the journal; null for any other exception.</summary>
    public static RpcException? Translate(Exception failure, ServerCallContext context) => failure switch
    {
        JournalOverloadedException => Refusals.Overloaded("mailbox", JournalHost.MailboxMax),
        JournalNotLedException refused => Refusals.NotLeader(refused.Leader),
        JournalDeposedException => Refusals.OutcomeUnknown(),
        JournalFailedException => CutOff.Call(context),
        _ => null,
    };
}
