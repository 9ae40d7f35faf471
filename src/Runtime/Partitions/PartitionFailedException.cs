namespace ControlPlane.Runtime.Partitions;

/// <summary>The partition answers nothing any more; what was under way may have happened or not.</summary>
public class PartitionFailedException(string message, Exception? cause) : Exception(message, cause)
{
    internal static PartitionFailedException From(Exception fault) =>
        fault as PartitionFailedException
        ?? new PartitionFailedException($"The partition has stopped; ask again with the same request id. Cause: {fault.Message}", fault);
}

/// <summary>The node has lost its leadership while the call was under way: it may have happened or not. The partition goes on.</summary>
public sealed class PartitionDeposedException()
    : PartitionFailedException("This node leads no more; whether it happened is unknown. Ask the new leader, with the same request id.", null);

/// <summary>Another node leads; nothing happened.</summary>
public sealed class PartitionNotLedException(string? leader) : Exception("This node does not lead the partition.")
{
    /// <summary>Where the leader is reached; null if that is not known.</summary>
    public string? Leader { get; } = leader;
}

/// <summary>Whose state a question is about.</summary>
public enum ReadFrom
{
    /// <summary>This node's: of a leader the newest, of a follower what it has applied.</summary>
    Anyone,

    /// <summary>The leader's.</summary>
    Leader,
}
