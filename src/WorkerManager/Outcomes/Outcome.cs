namespace ControlPlane.WorkerManager.Outcomes;

/// <summary>What a call is answered.</summary>
public abstract record Outcome;

/// <summary>Refused; nothing was applied.</summary>
public sealed record Refused(Rejection Rejection) : Outcome;

/// <summary>An operator's command holds from here on (or already did).</summary>
public sealed record Done : Outcome
{
    /// <summary>The one instance.</summary>
    public static Done Instance { get; } = new();
}

/// <summary>The deployment that is the newest now.</summary>
/// <param name="Function">As it is at the end of the step.</param>
/// <param name="Unchanged">True if nothing had to change.</param>
public sealed record DeployAnswered(FunctionView Function, bool Unchanged) : Outcome;
