using ControlPlane.WorkerManager.Effects;

namespace ControlPlane.Runtime.Partitions;

/// <summary>A worker's open connection, as the partition sees it.</summary>
public interface IWorkerSession
{
    /// <summary>
    /// Sends in order, without waiting: it is called from the partition's loop. A session that cannot take more closes itself, and the
    /// worker dials again.
    /// </summary>
    void Send(WorkerEffect effect);
}
