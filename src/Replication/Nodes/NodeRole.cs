namespace ControlPlane.Replication.Nodes;

/// <summary>What a node is to its journal.</summary>
public enum NodeRole
{
    /// <summary>It keeps a copy.</summary>
    Follower,

    /// <summary>It tries to come to reign.</summary>
    Opener,

    /// <summary>It reigns.</summary>
    Writer,
}
