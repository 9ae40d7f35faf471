using System.Diagnostics.CodeAnalysis;
using ControlPlane.Primitives;
using ControlPlane.Worker.Gate;
using ControlPlane.Worker.Processes;
using ControlPlane.Worker.RuntimeApi;
using ControlPlane.Worker.Storage;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>
/// One sandbox: its gate, and the life of its program. Everything that decides is under one lock and short; processes are
/// started and ended by <see cref="LiveAsync"/> alone, so that two runs of one sandbox never overlap.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The log is disposed at the end of the sandbox's life, in LiveAsync.")]
internal sealed class Sandbox
{
    private readonly Lock _lock = new();
    private readonly SandboxSurroundings _around;
    private readonly SavedSandbox _saved;
    private readonly SandboxLog _log;
    private readonly GateMemory _memory;
    private readonly TurnQueue _turns;
    private TaskCompletionSource<EndRequest> _endRequested = NewRequest();
    private EndRequest? _final;
    private SandboxProgram? _program;
    private Invocation? _current;
    private SequenceNumber _floorOwed;
    private bool _wasReady;

    public Sandbox(SavedSandbox saved, bool restarted, string logPath, SandboxSurroundings around)
    {
        _saved = saved;
        _around = around;
        _log = new SandboxLog(logPath, around.Options.Sandbox, around.Time);
        _memory = new GateMemory(saved.Highest);
        _turns = new TurnQueue(around.Options.InvokeQueueMax);
        Restarted = restarted;
    }

    public SandboxId Id => _saved.Id;

    public SandboxPhase Phase { get; private set; }

    /// <summary>True until the plane has heard that an agent's restart started this sandbox's program anew.</summary>
    public bool Restarted { get; set; }

    /// <summary>Kept but not used: the plane does not know it.</summary>
    public bool Quarantined { get; set; }

    /// <summary>From process start to readiness; zero if it has not been ready.</summary>
    public TimeSpan Boot { get; private set; }

    /// <summary>How long one invocation may take.</summary>
    public TimeSpan Timeout => TimeSpan.FromMilliseconds(_saved.Function.TimeoutMs);

    public long MemoryBytesMax => _saved.Function.MemoryMib * 1024L * 1024L;

    /// <summary>The session of the processes that run now; null between runs.</summary>
    public int? ProcessSession => _program?.Process.Pid;

    public bool IsBusy => _current is not null;

    /// <summary>The gate's state, for the inventory and for reports after a reconnect.</summary>
    public (SequenceNumber Highest, SequenceNumber FloorAcknowledged, FencingToken? Confirmed) GateState()
    {
        lock (_lock)
        {
            var floor = _floorOwed == SequenceNumber.None ? _memory.Floor : SequenceNumber.None;
            return (_memory.Highest, floor, _memory.Confirmed);
        }
    }

    /// <summary>Runs the program until the sandbox is over; returns why.</summary>
    public async Task<EndRequest> LiveAsync()
    {
        EndRequest end;
        do
        {
            end = await RunAsync();
        }
        while (end.Next == AfterEnd.Restart);

        lock (_lock)
        {
            Phase = SandboxPhase.Over;
            _turns.Changed();
        }

        _log.Dispose();
        return end;
    }

    /// <summary>Ends the program as soon as may be; the first final request wins.</summary>
    public void RequestEnd(EndRequest request)
    {
        lock (_lock)
        {
            if (request.Next != AfterEnd.Restart)
            {
                _final ??= request;
            }

            _endRequested.TrySetResult(request);
        }
    }

    /// <summary>Takes in a grant or a renewal that the plane pushed.</summary>
    public void Push(GateGrant grant)
    {
        lock (_lock)
        {
            Persist(_memory.RaisedBy(grant.Fence.Position));
            if (_memory.Push(grant))
            {
                EndOverdueUse("a newer lease was granted");
                _turns.Changed();
            }
        }
    }

    /// <summary>Voids everything below the floor; acknowledged, if that is wanted, at once or as soon as the older use has ended.</summary>
    public void Revoke(SequenceNumber floor, bool acknowledge)
    {
        lock (_lock)
        {
            Persist(_memory.RaisedBy(floor));
            _memory.Revoke(floor);
            _floorOwed = acknowledge && floor > _floorOwed ? floor : _floorOwed;
            EndOverdueUse("revoked");
            AcknowledgeFloor();
            _turns.Changed();
        }
    }

    /// <summary>One judgement of the gate for a waiting or new caller; on admission the invocation has begun.</summary>
    public GateStep Step(FencingToken token, TenantName tenant, Invocation invocation, ref long? ticket)
    {
        lock (_lock)
        {
            if (Phase == SandboxPhase.Over || Quarantined)
            {
                return GateStep.Refuse(GateRefusals.NotServed(Id, Quarantined));
            }

            var verdict = _memory.Judge(token, tenant, _around.Time.GetElapsedTime(0));
            if (verdict == GateVerdict.Admit && (Phase != SandboxPhase.Ready || _turns.IsBehind(ticket)))
            {
                verdict = GateVerdict.AwaitTurn;
            }

            if (verdict == GateVerdict.Admit)
            {
                Begin(token, invocation);
                return GateStep.Enter;
            }

            if (verdict is not (GateVerdict.AwaitTurn or GateVerdict.AwaitGrant))
            {
                return GateStep.Refuse(GateRefusals.Of(verdict, _memory.Highest));
            }

            return _turns.TryWait(verdict == GateVerdict.AwaitTurn, ref ticket)
                ? GateStep.Await(_turns.NextChange, forGrant: verdict == GateVerdict.AwaitGrant)
                : GateStep.Refuse(GateRefusals.QueueFull(_around.Options.InvokeQueueMax));
        }
    }

    /// <summary>A caller waits no more.</summary>
    public void LeaveQueue(long ticket)
    {
        lock (_lock)
        {
            _turns.Leave(ticket);
        }
    }

    private async Task<EndRequest> RunAsync()
    {
        lock (_lock)
        {
            if (_final is not null)
            {
                return _final;
            }

            _endRequested = NewRequest();
        }

        _log.Tag(null);
        var started = _around.Time.GetTimestamp();
        SandboxProgram program;
        try
        {
            program = await SandboxProgram.StartAsync(_saved, _log, _around);
        }
        catch (LaunchException e)
        {
            return EndRequest.Die(e.Message);
        }

        lock (_lock)
        {
            _program = program;
        }

        var end = await program.BootAsync(_endRequested.Task);
        if (end is null)
        {
            BecomeReady(_around.Time.GetElapsedTime(started));
            end = await program.ServeAsync(_endRequested.Task);
        }

        lock (_lock)
        {
            Phase = SandboxPhase.Starting;
            end = _final ?? end;
        }

        await program.EndAsync(end.Caller);
        lock (_lock)
        {
            _program = null;
            FinishUse(_current);
            return _final ?? end;
        }
    }

    private void BecomeReady(TimeSpan boot)
    {
        lock (_lock)
        {
            Phase = SandboxPhase.Ready;
            Boot = boot;
            _turns.Changed();
            if (_wasReady)
            {
                return;
            }

            _wasReady = true;
        }

        _around.Metrics.Booted(boot);
        WorkerLog.SandboxReady(_around.Logger, Id, boot);
        _around.Reports.Ready(Id, boot);
    }

    private void Begin(FencingToken token, Invocation invocation)
    {
        var first = _memory.Enter(token);
        _current = invocation;
        _log.Tag(invocation.Id);
        if (first)
        {
            _around.Reports.Confirmed(Id, token);
        }

        Invariant.Check(_program is not null, "a ready sandbox has a program");
        _ = _program.Exchange.Offer(invocation);
        _ = SuperviseAsync(invocation);
    }

    /// <summary>The use lasts as long as the function works, even if its caller has given up: a runtime cannot be interrupted.</summary>
    private async Task SuperviseAsync(Invocation invocation)
    {
        try
        {
            await invocation.Outcome.WaitAsync(Timeout, _around.Time);
        }
        catch (TimeoutException)
        {
            RequestEnd(EndRequest.TimedOut(Timeout));
            return;
        }

        lock (_lock)
        {
            FinishUse(invocation);
        }
    }

    private void FinishUse(Invocation? invocation)
    {
        if (invocation is not null && _current == invocation)
        {
            _current = null;
            _memory.Leave();
            _turns.Changed();
        }

        AcknowledgeFloor();
    }

    private void EndOverdueUse(string how)
    {
        // The caller may have its answer, give its lease back and lose its right before the supervisor has looked: that use is over.
        if (_current is { Outcome.IsCompleted: true })
        {
            FinishUse(_current);
        }

        if (_memory.UseIsOverdue)
        {
            WorkerLog.UseEnded(_around.Logger, Id, _memory.InUse!.Value, how);
            // No new invocation may slip into the program that is about to be ended.
            Phase = SandboxPhase.Starting;
            RequestEnd(EndRequest.UseEnded(how));
        }
    }

    private void AcknowledgeFloor()
    {
        if (_floorOwed != SequenceNumber.None && !_memory.UseIsOverdue)
        {
            _around.Reports.FloorAcknowledged(Id, _floorOwed);
            _floorOwed = SequenceNumber.None;
        }
    }

    private void Persist(SequenceNumber highest)
    {
        if (highest > _memory.Highest && Phase != SandboxPhase.Over)
        {
            _saved.Directory.SaveHighest(highest);
        }
    }

    private static TaskCompletionSource<EndRequest> NewRequest() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
