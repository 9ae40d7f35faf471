using System.Security.Cryptography;
using System.Text;
using ControlPlane.Journal.Replica;
using ControlPlane.Primitives;

namespace ControlPlane.Runtime.Journals;

/// <summary>
/// Identities that the nodes of a cluster compute from names, so that they agree on them without asking each other. Guarantee: the same
/// names give the same identities at each node, in every version, for ever: they stand in every entry and on every disk.
/// </summary>
/// <remarks>
/// The first 16 bytes, big-endian, of SHA-256 over what is named and the names in ASCII, each followed by a zero byte: no name can hold one,
/// so that no two lists of names are the same bytes, and a cluster's identity is never a journal's.
/// </remarks>
public static class ClusterIdentity
{
    /// <summary>The installation of a name.</summary>
    /// <exception cref="ArgumentException">The name is not well-formed (<see cref="Name"/>).</exception>
    public static ClusterId ClusterOf(string clusterName) => new(Hash("controlplane cluster", clusterName));

    /// <summary>
    /// The installation of a name whose worker manager has so many partitions. Nodes that were told different numbers are of different
    /// installations: they would keep functions in different journals, so they must not speak to each other.
    /// </summary>
    /// <exception cref="ArgumentException">The name is not well-formed (<see cref="Name"/>).</exception>
    public static ClusterId ClusterOf(string clusterName, PartitionMap partitions) => partitions.Count == 1
        ? ClusterOf(clusterName)
        : new(Hash("controlplane cluster", clusterName, $"partitions-{partitions.Count}"));

    /// <summary>A journal of a name in an installation.</summary>
    /// <exception cref="ArgumentException">A name is not well-formed (<see cref="Name"/>).</exception>
    public static JournalId JournalOf(string clusterName, string journalName) => new(Hash("controlplane journal", clusterName, journalName));

    private static UInt128 Hash(string named, params ReadOnlySpan<string> names)
    {
        var bytes = new StringBuilder(named).Append('\0');
        foreach (var name in names)
        {
            if (!Name.IsWellFormed(name))
            {
                throw new ArgumentException($"'{name}' is not a name: use {Name.Rule}.");
            }

            bytes.Append(name).Append('\0');
        }

        _ = Identifier128.TryRead(SHA256.HashData(Encoding.ASCII.GetBytes(bytes.ToString())).AsSpan(0, Identifier128.ByteCount), out var value);
        return value;
    }
}
