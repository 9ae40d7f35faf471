using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>Open sessions. A message on a session that was closed or replaced is ignored: its worker repeats itself on the new one.</summary>
internal sealed class Sessions
{
    private readonly Dictionary<ulong, WorkerLink> bySession = [];

    public bool TryGet(Reign reign, SessionId session, [NotNullWhen(true)] out WorkerLink? link)
    {
        if (!bySession.TryGetValue(session.Value, out link))
        {
            return false;
        }

        link.LastHeard = reign.Now;
        return true;
    }

    /// <summary>Finds a sandbox of the worker that speaks.</summary>
    public bool TryGetSandbox(Reign reign, SessionId session, SandboxId id, [NotNullWhen(true)] out Sandbox? sandbox)
    {
        sandbox = null;
        return TryGet(reign, session, out var link)
            && reign.State.TryGetSandbox(id, out sandbox)
            && ReferenceEquals(sandbox.Worker, link.Worker);
    }

    public void Open(SessionId session, WorkerLink link)
    {
        Invariant.Check(link.Session is null, "a worker has one session");
        bySession.Add(session.Value, link);
        link.Session = session;
    }

    public void Close(WorkerLink link)
    {
        if (link.Session is { } session)
        {
            bySession.Remove(session.Value);
            link.Session = null;
        }
    }

    public void Clear() => bySession.Clear();
}
