using ControlPlane.Links;

namespace ControlPlane.Chaos.Cluster;

/// <summary>Something that is wrong with some directions of some links, for as long as it is in force.</summary>
/// <param name="State">What is wrong.</param>
/// <param name="Hits">Which directions: who speaks, who hears; <see cref="ClusterNetwork.Outside"/> are the clients and workers.</param>
internal sealed record LinkFault(LinkState State, Func<int, int, bool> Hits);
