using System.Text.Json;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.JournalInspector.Views;

namespace ControlPlane.JournalInspector.App;

/// <summary>Why a run has no result, in one line and one exit code.</summary>
internal sealed record Failure(ExitCode Exit, string Message)
{
    public static Failure Of(Exception failure) => failure switch
    {
        UsageException usage => new Failure(ExitCode.Usage, usage.Message),
        InspectionException missing => new Failure(ExitCode.NoInput, missing.Message),
        JournalRefusedException { Reason: RefusalReason.NoReplica or RefusalReason.ForeignDirectory } foreign =>
            new Failure(ExitCode.NoInput, foreign.Message),
        JournalRefusedException refused => new Failure(ExitCode.AcknowledgedDamage, refused.Message),
        StorageFaultException fault => new Failure(
            ExitCode.Unreadable, $"{fault.Message} (If the journal is live, a trim may have removed the file: run the command again.)"),
        OperationCanceledException => new Failure(ExitCode.Interrupted, "interrupted"),
        IOException broken => new Failure(ExitCode.Unreadable, broken.Message),
        _ => new Failure(ExitCode.Internal, $"internal error, please report it: {failure}"),
    };

    public void Write(Terminal terminal, bool json) => terminal.Error.WriteLine(json
        ? JsonSerializer.Serialize(new { error = Message, exitCode = (int)Exit }, JsonShape.Options)
        : $"{InspectorRoot.Name}: {Message}");
}
