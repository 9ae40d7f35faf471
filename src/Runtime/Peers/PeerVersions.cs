namespace ControlPlane.Runtime.Peers;

/// <summary>
/// Versions of the protocol between nodes that a node speaks, all from the lowest to the highest. A connection uses the highest that both speak, so nodes of
/// neighbouring releases work together while a cluster is upgraded node by node.
/// </summary>
/// <remarks>
/// Whoever changes a message raises <see cref="Own"/>'s highest version, and lets the codec write the old form on a connection of an older version
/// (<see cref="IPeerLink.Version"/>). The lowest version follows a release later at the earliest.
/// </remarks>
public readonly record struct PeerVersions(ushort Lowest, ushort Highest)
{
    /// <summary>What this release speaks.</summary>
    public static PeerVersions Own { get; } = new(1, 1);

    /// <summary>The highest version that both speak; null if there is none.</summary>
    public ushort? CommonWith(PeerVersions other)
    {
        var highest = Math.Min(Highest, other.Highest);
        return highest >= Math.Max(Lowest, other.Lowest) ? highest : null;
    }

    /// <summary>"1" or "1 to 3".</summary>
    public override string ToString() => Lowest == Highest ? $"{Lowest}" : $"{Lowest} to {Highest}";
}
