using ControlPlane.Primitives;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Cluster;

/// <summary>The company that a journal's replica keeps on other nodes.</summary>
/// <param name="Journal">The journal: the same id at every node.</param>
/// <param name="Router">The node's way to the others.</param>
/// <param name="Size">How many nodes keep it, this one included.</param>
public sealed record ReplicaGroup(JournalId Journal, PeerRouter Router, int Size)
{
    /// <summary>The register, if it is not the replicas' own (<c>quorum</c>). Closed with the journal.</summary>
    public IConfigRegister? Register { get; init; }

    /// <summary>Names of the nodes that found the journal, if this node is the one that does; empty elsewhere.</summary>
    public IReadOnlyList<string> Founders { get; init; } = [];

    /// <summary>How patient the <c>quorum</c> register's proposer is.</summary>
    public QuorumRegisterOptions Quorum { get; init; } = new() { CallTimeout = TimeSpan.FromSeconds(2) };
}
