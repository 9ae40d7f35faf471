using ControlPlane.Primitives;
using ControlPlane.Simulation.Clients;

namespace ControlPlane.Simulation.Serving;

/// <summary>Whoever uses the journal on a node: while it follows, a state machine that is shown what is committed; while it leads, who decides what is appended.</summary>
internal interface INodeUser
{
    /// <summary>The state; speculative while the node leads.</summary>
    IStateMachine State { get; }

    /// <summary>A state machine at its beginning.</summary>
    IStateMachine NewState();

    /// <summary>Begins anew with this state.</summary>
    void Reset(IStateMachine state);

    void Lead();

    void Deposed();

    /// <summary>A call, while the node leads.</summary>
    void Handle(OpenCall call);

    /// <summary>After each batch, when what is committed may be told.</summary>
    void EndBatch(SequenceNumber committed);

    /// <summary>The process is gone.</summary>
    void Gone();
}
