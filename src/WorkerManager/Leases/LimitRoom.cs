namespace ControlPlane.WorkerManager;

/// <summary>An ended use may let in a request that waits only because of a limit.</summary>
internal static class LimitRoom
{
    public static void Freed(Reign reign)
    {
        if (reign.Waiting.AnyHeldBackByLimit)
        {
            reign.Waiting.AnyHeldBackByLimit = false;
            reign.RoomChanged = true;
        }
    }
}
