using System.Globalization;
using System.Net;
using ControlPlane.Primitives;
using ControlPlane.Runtime.Peers;

namespace ControlPlane.Server.Configuration;

/// <summary>Reads <see cref="ClusterKeys"/> and checks what they say of each other and of the node. What would go over the network in plaintext is <see cref="TransportKeys"/>' matter.</summary>
internal static class ClusterReading
{
    private const string Example = "node-1=10.0.0.1:7072";

    /// <summary>The cluster, or null: the node is alone, or something has been reported that leaves no cluster to speak of.</summary>
    public static ClusterOptions? Read(ConfigurationReader reader, NodeOptions node, bool speaksTls)
    {
        if (!reader.IsSet(ClusterKeys.Name))
        {
            var set = ClusterKeys.All.Where(reader.IsSet).Select(key => key.Path).ToList();
            if (set.Count > 0)
            {
                reader.Report(ClusterKeys.Name.Path, $"not set, though {string.Join(", ", set)} {(set.Count == 1 ? "is" : "are")}", "Set the cluster's name, the same at each node, or remove the other keys of Cluster");
            }

            return null;
        }

        var name = reader.WellFormedName(ClusterKeys.Name);
        var nodes = ReadNodes(reader, node.Name);
        var own = nodes.FirstOrDefault(entry => entry.Node == node.Name);
        var listen = ReadListen(reader, own);
        var register = ReadRegister(reader, out var etcd);
        var clientAddress = ReadClientAddress(reader, node.Listen, speaksTls);
        if (listen is null)
        {
            return null;
        }

        if (listen.Equals(node.Listen))
        {
            reader.Report(
                reader.IsSet(ClusterKeys.Listen) ? ClusterKeys.Listen.Path : ClusterKeys.Nodes.Path,
                $"{listen} is where the node listens for callers ({NodeKeys.Listen.Path})",
                "Give its peers a port of their own");
        }

        return new ClusterOptions { Name = name, Nodes = nodes, Listen = listen, ClientAddress = clientAddress, Register = register, Etcd = etcd };
    }

    private static List<PeerAddress> ReadNodes(ConfigurationReader reader, string ownName)
    {
        var nodes = new List<PeerAddress>();
        var elements = reader.Elements(ClusterKeys.Nodes);
        foreach (var (path, value) in elements)
        {
            if (!TryParse(value, out var entry, out var wrong))
            {
                reader.Report(path, $"'{value}' {wrong}", $"Write the node's name and where its peers reach it, as in {Example}");
                continue;
            }

            if (nodes.Any(earlier => earlier.Node == entry.Node))
            {
                reader.Report(path, $"the node '{entry.Node}' is there twice", "Remove one of the two");
            }
            else if (nodes.FirstOrDefault(earlier => earlier.Port == entry.Port && string.Equals(earlier.Host, entry.Host, StringComparison.OrdinalIgnoreCase)) is { } same)
            {
                reader.Report(path, $"{entry} is also the address of '{same.Node}'", "Give each node an address of its own");
            }

            nodes.Add(entry);
        }

        if (elements.Count > ClusterKeys.NodesMax)
        {
            reader.Report(ClusterKeys.Nodes.Path, $"there are {elements.Count} nodes", $"Name at most {ClusterKeys.NodesMax}");
        }

        // Among entries that cannot be read there may be the node's own.
        if (nodes.Count == elements.Count && nodes.All(entry => entry.Node != ownName))
        {
            reader.Report(
                ClusterKeys.Nodes.Path,
                $"'{ownName}', which is this node's name, is not among them",
                $"Add {ownName}=HOST:PORT, at every node, or set {NodeKeys.Name.Path} to one of those that are there");
        }

        return nodes;
    }

    private static bool TryParse(string text, out PeerAddress entry, out string wrong)
    {
        entry = new PeerAddress("", "", 0);
        wrong = "is not NAME=HOST:PORT";
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        if (equals < 0 || colon < equals)
        {
            return false;
        }

        var name = text[..equals];
        var written = text[(equals + 1)..colon];
        var isBracketed = written.Length > 2 && written[0] == '[' && written[^1] == ']';
        var host = isBracketed ? written[1..^1] : written;
        var isPort = int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= IPEndPoint.MaxPort;
        wrong = !Name.IsWellFormed(name) ? $"has no proper name before '=': use {Name.Rule}"
            : !isPort ? $"does not end with a port from 1 to {IPEndPoint.MaxPort}"
            : Uri.CheckHostName(host) == UriHostNameType.Unknown || isBracketed != host.Contains(':', StringComparison.Ordinal)
                ? "names neither a host nor an address between '=' and the port"
            : IPAddress.TryParse(host, out var address) && IsWildcard(address) ? $"names {host}, which nobody can reach a node at"
            : "";
        entry = wrong.Length == 0 ? new PeerAddress(name, host, port) : entry;
        return wrong.Length == 0;
    }

    private static IPEndPoint? ReadListen(ConfigurationReader reader, PeerAddress? own)
    {
        if (reader.IsSet(ClusterKeys.Listen))
        {
            var listen = reader.Endpoint(ClusterKeys.Listen, "10.0.0.1:7072 or [::1]:7072");
            if (listen.Port == 0 && !reader.IsWrong(ClusterKeys.Listen))
            {
                reader.Report(ClusterKeys.Listen.Path, $"'{listen}' leaves the port to the system, and the other nodes could not know it", $"Write the port of this node's entry in {ClusterKeys.Nodes.Path}");
            }

            return listen;
        }

        return own is null ? null
            : IPAddress.TryParse(own.Host, out var address) ? new IPEndPoint(address, own.Port)
            : string.Equals(own.Host, "localhost", StringComparison.OrdinalIgnoreCase) ? new IPEndPoint(IPAddress.Loopback, own.Port)
            : new IPEndPoint(IPAddress.Any, own.Port);
    }

    private static string ReadClientAddress(ConfigurationReader reader, IPEndPoint listen, bool speaksTls)
    {
        var scheme = speaksTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        if (reader.Address(ClusterKeys.ClientAddress, $"{scheme}://10.0.0.1:7070") is { } address)
        {
            return address.GetLeftPart(UriPartial.Authority);
        }

        if (!reader.IsSet(ClusterKeys.ClientAddress) && (IsWildcard(listen.Address) || listen.Port == 0) && !reader.IsWrong(NodeKeys.Listen))
        {
            reader.Report(ClusterKeys.ClientAddress.Path, $"not set, and {NodeKeys.Listen.Path} ({listen}) is nothing that a client could be sent to", $"Set it, as in {scheme}://10.0.0.1:7070");
        }

        return $"{scheme}://{listen}";
    }

    private static RegisterKind ReadRegister(ConfigurationReader reader, out IReadOnlyList<Uri> etcd)
    {
        var text = reader.Text(ClusterKeys.Register);
        var isKnown = Enum.TryParse<RegisterKind>(text, ignoreCase: true, out var register) && !char.IsAsciiDigit(text[0]);
        if (!isKnown)
        {
            reader.Report(ClusterKeys.Register.Path, $"'{text}' is no kind of register", $"Write quorum or etcd; the default is {ClusterKeys.Register.Default}");
        }

        var elements = reader.Elements(ClusterKeys.Etcd);
        etcd = [.. elements.Select(element => reader.Address(element.Path, element.Value, "https://10.0.0.1:2379")).OfType<Uri>()];
        if (isKnown && register == RegisterKind.Etcd && !reader.IsSet(ClusterKeys.Etcd))
        {
            reader.Report(ClusterKeys.Etcd.Path, $"not set, though {ClusterKeys.Register.Path} is etcd", "Name etcd's members, as in https://10.0.0.1:2379");
        }

        if (isKnown && register == RegisterKind.Quorum && elements.Count > 0)
        {
            reader.Report(ClusterKeys.Etcd.Path, $"set, though {ClusterKeys.Register.Path} is quorum", $"Remove it, or set {ClusterKeys.Register.Path} to etcd");
        }

        return register;
    }

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
