using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>
/// What every step ends with: each function version whose counts changed is looked after (waiting requests served,
/// sandboxes started or retired), a bounded number at a time; the rest follows in a step of its own.
/// </summary>
internal static class FollowUp
{
    public static bool IsDue(Reign reign) => reign.State.Touched.Count > 0 || reign.RoomChanged;

    public static void Run(Reign reign)
    {
        if (reign.RoomChanged)
        {
            reign.RoomChanged = false;
            reign.Waiting.TouchAll();
            reign.Refill.Wake(reign);
        }

        var budget = Limits.FollowUpsPerStepMax;
        var done = 0;
        while (done < reign.State.Touched.Count && FunctionCare.Run(reign, reign.State.Touched[done], ref budget))
        {
            done++;
        }

        reign.State.Untouch(done);
        HashState(reign);
    }

    private static void HashState(Reign reign)
    {
        var since = reign.State.Applied.Value - reign.State.LastHashed.Value;
        if (reign.EntryCount > 0 && since >= (ulong)reign.Options.StateHashInterval)
        {
            var hash = reign.State.Hasher.Hash.Value;
            reign.Emit(new Entry { StateHashed = new StateHashed { HashHigh = (ulong)(hash >> 64), HashLow = unchecked((ulong)hash) } });
        }
    }
}
