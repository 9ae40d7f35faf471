using ControlPlane.Primitives;

namespace ControlPlane.Verification.Models;

/// <summary>What happens to the lease of a sandbox.</summary>
public enum LeaseFunction
{
    /// <summary>A client asks for a sandbox and is given this one.</summary>
    Allocate,

    /// <summary>A holder asks for more time.</summary>
    Renew,

    /// <summary>A holder gives it back.</summary>
    Release,

    /// <summary>The journal says that it ended by itself: its time had run out, or its worker was given up.</summary>
    End,
}

/// <summary>What came of it.</summary>
public enum LeaseAnswer
{
    /// <summary>Nothing was answered: it took effect at some time, or never.</summary>
    None,

    /// <summary>Done.</summary>
    Ok,

    /// <summary>For a release: the lease had been released before, which is as good.</summary>
    Repeated,

    /// <summary>The token is not that of the present lease: fenced, released or expired.</summary>
    NotHeld,
}

/// <summary>A request about one sandbox with its answer, or the end of a lease as the journal has it.</summary>
/// <param name="Function">What is asked.</param>
/// <param name="Sandbox">About which; every sandbox is a part of its own.</param>
/// <param name="Token">
/// The token that was granted or shown, or whose lease ended. An allocation without an answer is part of a history only if it is known
/// from the journal what it may have been granted; that it was granted anything stays open.
/// </param>
/// <param name="Answer">What came back; for an end in the journal, ok.</param>
public readonly record struct LeaseCall(LeaseFunction Function, SandboxId Sandbox, FencingToken Token, LeaseAnswer Answer)
{
    /// <summary>For sentences.</summary>
    public override string ToString()
    {
        var request = Function switch
        {
            LeaseFunction.Allocate => $"grant of token {Token}",
            LeaseFunction.Renew => $"renewal with token {Token}",
            LeaseFunction.Release => $"release with token {Token}",
            _ => $"end of the lease with token {Token}",
        };
        return Answer switch
        {
            LeaseAnswer.None => $"unanswered {request}",
            LeaseAnswer.Repeated => $"repeated {request}",
            LeaseAnswer.NotHeld => $"refused {request}",
            _ => request,
        };
    }
}
