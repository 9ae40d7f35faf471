namespace ControlPlane.WorkerManager.Commands;

/// <summary>Something that happened outside, or that somebody asks for. Already validated and typed by the shell.</summary>
public abstract record Command;

/// <summary>A command that is answered by exactly one <see cref="Effects.Reply"/>, at once or later.</summary>
/// <param name="Call">Whom to answer.</param>
public abstract record CallCommand(CallId Call) : Command;

/// <summary>A timer is due (<see cref="WorkerManagerCore.NextTimer"/>). Early ticks do no harm.</summary>
public sealed record Tick : Command
{
    /// <summary>The one instance.</summary>
    public static Tick Instance { get; } = new();
}
