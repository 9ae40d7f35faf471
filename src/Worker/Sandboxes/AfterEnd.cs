namespace ControlPlane.Worker.Sandboxes;

/// <summary>What becomes of a sandbox when a run of its program is over.</summary>
internal enum AfterEnd
{
    /// <summary>The program is started anew under the same sandbox id.</summary>
    Restart,

    /// <summary>It is reported died and forgotten.</summary>
    Die,

    /// <summary>Its state stays on disk for the next agent.</summary>
    Keep,
}
