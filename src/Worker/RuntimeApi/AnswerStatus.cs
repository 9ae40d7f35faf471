namespace ControlPlane.Worker.RuntimeApi;

/// <summary>What became of an answer that a runtime posted.</summary>
internal enum AnswerStatus
{
    /// <summary>It ended the running invocation.</summary>
    Taken,

    /// <summary>Another invocation is running.</summary>
    UnknownId,

    /// <summary>No invocation is running: answered already, or never handed out.</summary>
    NothingRunning,
}
