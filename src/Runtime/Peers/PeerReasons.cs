using ControlPlane.Journal.Replica;

namespace ControlPlane.Runtime.Peers;

/// <summary>Why a connection ends, as sentences that say what to change.</summary>
internal static class PeerReasons
{
    public const string NoPeer =
        "the other side does not speak the peer protocol: check that the address is a node's peer port, and that TLS is on at both sides or at neither";

    public const string BadGreeting = "the greeting is garbled: check what stands between the two nodes";

    public const string GreetingLate =
        "no greeting came in time: check that the address is a node's peer port, and that TLS is on at both sides or at neither";

    public const string OwnName = "the other node has this node's own name: give each node a name of its own, and do not list a node among its own peers";

    public const string EndOfStream = "the other side has closed the connection";

    public const string Stopping = "this node stops";

    public const string BadLength = "a frame's length is impossible: check what stands between the two nodes";

    public static string NoCommonVersion(PeerVersions theirs, PeerVersions ours) =>
        $"the other node speaks version {theirs} of the peer protocol, this one {ours}: upgrade by way of a release that speaks one of both";

    public static string OtherCluster(ClusterId theirs, ClusterId ours) =>
        $"the other node belongs to cluster {theirs}, this one to {ours}: correct the peer's address, or the cluster's name or number of partitions in one of the two configurations";

    public static string OtherNode(string theirs, string wanted) =>
        $"the node at this address is '{theirs}', not '{wanted}': correct the peer's name or its address";

    public static string NotCertified(string theirs, string certified) =>
        $"the other node calls itself '{theirs}' and shows the certificate of '{certified}': give each node the certificate of its own name";

    public static string Garbage(string error) => $"the other side sent a message that cannot be read ({error})";

    public static string Lost(Exception fault) => $"the connection failed: {fault.Message}";

    public static string HandlerFailed(Exception fault) => $"a message could not be handled: {fault.Message}";
}
