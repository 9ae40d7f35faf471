using ControlPlane.Primitives;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>What was: counted, not imagined.</summary>
internal sealed class JournaledServing : IServing
{
    private readonly WorkerUse _use = new();
    private int _warm;
    private int _cold;
    private int _started;
    private int _cutShort;

    public void Present(SandboxFacts sandbox)
    {
        if (sandbox.Lease is { } lease)
        {
            _use.Begin(sandbox.Worker, lease, counts: false);
        }
    }

    public void MoveTo(JournalTime now) => _use.MoveTo(now);

    public void Registered(WorkerFacts worker, bool starts) => _use.Add(worker.Name);

    public void Lost(string worker)
    {
    }

    public void Ordered(string worker, bool takesNew, bool drains)
    {
    }

    public void Deployed(ulong function, FunctionDefinition definition)
    {
    }

    public void Superseded(ulong function)
    {
    }

    public void Created(string worker)
    {
        _started++;
        _use.Start(worker);
    }

    public void Granted(Demand demand)
    {
        _warm += demand.WasWarm ? 1 : 0;
        _cold += demand.WasWarm ? 0 : 1;
        _use.Begin(demand.Worker, demand.Lease, counts: true);
    }

    public void Ended(ulong lease, DemandEnd end)
    {
        _cutShort += end == DemandEnd.WorkerLost ? 1 : 0;
        _use.End(lease);
    }

    public void Settled(ulong lease, bool isFree)
    {
    }

    public WhatIfOutcome Report() => new("journaled", "as it was", _warm, _cold, null, null, _started, null, _cutShort, _use.Report());
}
