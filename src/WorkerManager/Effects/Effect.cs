using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager.Effects;

/// <summary>Something that the shell does once everything journaled up to the end of its step is committed.</summary>
public abstract record Effect;

/// <summary>Answers a call.</summary>
public sealed record Reply(CallId Call, Outcome Outcome) : Effect;
