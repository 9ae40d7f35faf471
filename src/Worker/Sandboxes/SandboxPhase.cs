namespace ControlPlane.Worker.Sandboxes;

/// <summary>Where a sandbox is in its life.</summary>
internal enum SandboxPhase
{
    /// <summary>Its runtime has not asked for an event yet, or its program is being ended.</summary>
    Starting,

    /// <summary>Its runtime waits for events or works on one.</summary>
    Ready,

    /// <summary>No process is left; it takes nothing more.</summary>
    Over,
}
