namespace ControlPlane.Worker.Sandboxes;

/// <summary>
/// Decides who holds too much memory: a session that was above its limit in two looks running. One look proves nothing: between
/// its start and its program, a process shares the memory of whoever started it (<c>vfork</c>, <c>posix_spawn</c>) and shows all of it
/// as its own, be the starter the agent or a function that starts a program.
/// </summary>
internal sealed class MemoryJudge
{
    private HashSet<int> _suspected = [];

    /// <summary>The sessions to be ended, given what each holds now and may hold, in bytes.</summary>
    public IReadOnlyList<int> Judge(IEnumerable<(int Session, long HeldBytes, long BytesMax)> sessions)
    {
        var above = sessions.Where(session => session.HeldBytes > session.BytesMax).Select(session => session.Session).ToHashSet();
        var guilty = above.Where(_suspected.Contains).Order().ToArray();
        _suspected = above;
        return guilty;
    }
}
