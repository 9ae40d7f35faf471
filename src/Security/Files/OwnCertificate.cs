namespace ControlPlane.Security;

/// <summary>What a process asks of its own certificate, so that a wrong one is found at its start and not by the first peer.</summary>
/// <param name="Role">The role it must have; null: any.</param>
/// <param name="Name">The name it must have; null: any.</param>
/// <param name="Serves">True if others dial this process: then the certificate must name a host.</param>
public sealed record OwnCertificate(Role? Role, string? Name, bool Serves)
{
    /// <summary>For a node of the plane, which serves, and dials the other nodes.</summary>
    public static OwnCertificate OfNode(string name) => new(Security.Role.Replica, name, Serves: true);

    /// <summary>For a worker, which serves its gate, and dials the plane.</summary>
    public static OwnCertificate OfWorker(string name) => new(Security.Role.Worker, name, Serves: true);

    /// <summary>For a program that only calls.</summary>
    public static OwnCertificate OfCaller { get; } = new(null, null, Serves: false);
}
