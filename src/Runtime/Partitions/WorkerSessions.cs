using System.Collections.Concurrent;
using ControlPlane.WorkerManager;
using ControlPlane.WorkerManager.Effects;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Runtime.Partitions;

/// <summary>The open worker connections of a partition. Any thread.</summary>
public sealed class WorkerSessions
{
    private readonly ConcurrentDictionary<SessionId, IWorkerSession> _sessions = new();
    private long _last;

    /// <summary>Sessions open now.</summary>
    public int Count => _sessions.Count;

    /// <summary>Gives a connection its id; effects for that id go to it from here on.</summary>
    public SessionId Open(IWorkerSession session)
    {
        var id = new SessionId((ulong)Interlocked.Increment(ref _last));
        _sessions[id] = session;
        return id;
    }

    /// <summary>Effects for this id are dropped from here on: a reconnect repeats what still holds.</summary>
    public void Close(SessionId id) => _sessions.TryRemove(id, out _);

    /// <summary>Ends them all: they belong to another leader from now on.</summary>
    internal void CloseAll(Rejection why)
    {
        foreach (var (id, session) in _sessions)
        {
            session.Send(new CloseSession(id, why));
        }
    }

    internal void Send(WorkerEffect effect)
    {
        if (_sessions.TryGetValue(effect.Session, out var session))
        {
            session.Send(effect);
        }
    }
}
