namespace ControlPlane.Simulation.Clients;

/// <summary>Somebody who uses the plane until told to stop, and brings to an end what was begun.</summary>
internal interface ISimulatedClient
{
    /// <summary>True while something is asked and not answered.</summary>
    bool IsWaiting { get; }

    void Start();

    /// <summary>Begins nothing more.</summary>
    void Stop();
}
