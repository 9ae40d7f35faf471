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
