namespace ControlPlane.Scenarios;

/// <summary>Whom a fault hits, by role; who that is, is found out when it strikes.</summary>
public enum TargetRole
{
    /// <summary>The node that leads the first partition.</summary>
    Leader,

    /// <summary>A node that follows, drawn from the seed.</summary>
    Follower,

    /// <summary>A node that runs, drawn from the seed.</summary>
    Any,

    /// <summary>Every node.</summary>
    All,

    /// <summary>A worker, drawn from the seed.</summary>
    Worker,

    /// <summary>A node or a worker, drawn from the seed.</summary>
    Random,
}

/// <summary>A role, or the name of one process (<c>node-2</c>, <c>worker-1</c>), as a recorded fault has it.</summary>
public readonly record struct FaultTarget(TargetRole Role, string? Name = null)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out FaultTarget target)
    {
        if (Words.TryRead<TargetRole>(text, out var role))
        {
            target = new FaultTarget(role);
            return true;
        }

        var isName = IsNumbered(text, "node-") || IsNumbered(text, "worker-");
        target = isName ? new FaultTarget(text.StartsWith('w') ? TargetRole.Worker : TargetRole.Any, text) : default;
        return isName;
    }

    /// <summary>The role's word, or the name.</summary>
    public override string ToString() => Name ?? Words.Of(Role);

    private static bool IsNumbered(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && text.Length > prefix.Length && text.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;
}
