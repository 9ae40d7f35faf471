namespace ControlPlane.Runtime.Peers;

/// <summary>Where another node listens for its peers.</summary>
/// <param name="Node">The name that it must greet with.</param>
/// <param name="Host">Name or address of its machine; a name is looked up for each attempt.</param>
/// <param name="Port">Its peer port.</param>
public sealed record PeerAddress(string Node, string Host, int Port)
{
    /// <summary>Host and port, as it is written in a configuration.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
