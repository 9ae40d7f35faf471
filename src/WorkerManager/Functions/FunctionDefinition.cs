using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>What is deployed: everything about a function version except its number. Compared by value, lists included.</summary>
public sealed record FunctionDefinition
{
    /// <summary>Which function.</summary>
    public required FunctionName Name { get; init; }

    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Directory with the code, as the worker sees it.</summary>
    public required string CodePath { get; init; }

    /// <summary>In ordinal order of the names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Hard limit in placement.</summary>
    public required uint MemoryMib { get; init; }

    /// <summary>Longest invocation; whole milliseconds.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Set aside for the function, and its cap; 0 = neither.</summary>
    public uint ReservedConcurrency { get; init; }

    /// <summary>Free sandboxes to keep ready.</summary>
    public uint WarmTarget { get; init; }

    /// <summary>How long a free sandbox above the warm target is kept; zero = for ever; whole milliseconds.</summary>
    public TimeSpan IdleTimeout { get; init; }

    /// <summary>True if nothing would change.</summary>
    public bool Equals(FunctionDefinition? other) =>
        other is not null
        && Name == other.Name
        && Command.SequenceEqual(other.Command)
        && CodePath == other.CodePath
        && Environment.SequenceEqual(other.Environment)
        && MemoryMib == other.MemoryMib
        && Timeout == other.Timeout
        && ReservedConcurrency == other.ReservedConcurrency
        && WarmTarget == other.WarmTarget
        && IdleTimeout == other.IdleTimeout;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode();
}
