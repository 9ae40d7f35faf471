namespace ControlPlane.Bench.Load;

/// <summary>One measured call, made again and again by each client. The measured part is timed by the load itself.</summary>
internal interface ILoad
{
    string Name { get; }

    /// <summary>Makes one cycle; returns how long its measured call took.</summary>
    /// <param name="client">Which client makes it: each makes one at a time.</param>
    Task<TimeSpan> CycleAsync(int client);
}
