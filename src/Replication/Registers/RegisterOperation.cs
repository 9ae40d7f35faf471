using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;

namespace ControlPlane.Replication.Registers;

/// <summary>What a round does with the state that it finds.</summary>
public abstract record RegisterOperation
{
    private RegisterOperation()
    {
    }

    /// <summary>The state to propose after <paramref name="found"/>; null if the operation does not apply to it and it stays as it is.</summary>
    internal abstract RegisterState? Apply(RegisterState found);

    /// <summary>Finds out what is chosen. If a majority has accepted one and the same ballot, that is chosen already and nothing is proposed.</summary>
    public sealed record Read : RegisterOperation
    {
        internal override RegisterState? Apply(RegisterState found) => null;
    }

    /// <summary>Has the state chosen anew at the round's own ballot: what a change of the acceptors must begin with.</summary>
    public sealed record Confirm : RegisterOperation
    {
        internal override RegisterState? Apply(RegisterState found) => null;
    }

    /// <summary>Replaces the value if its version is the expected one.</summary>
    /// <param name="ExpectedVersion">0: never written.</param>
    /// <param name="Value">The new value, stamped (<see cref="StampedValue"/>).</param>
    public sealed record CompareAndSet(ulong ExpectedVersion, ReadOnlyMemory<byte> Value) : RegisterOperation
    {
        internal override RegisterState? Apply(RegisterState found) =>
            found.Version == ExpectedVersion ? found with { Version = found.Version + 1, Value = Value } : null;
    }

    /// <summary>
    /// Adds one acceptor, or removes one. Applies only to the very state that the same proposer's <see cref="Confirm"/> had chosen, and
    /// is tried once for each.
    /// </summary>
    /// <param name="ConfirmedAt">Ballot of that confirmation.</param>
    /// <param name="Acceptors">The acceptors from then on.</param>
    public sealed record ChangeAcceptors(Ballot ConfirmedAt, IReadOnlyList<ReplicaId> Acceptors) : RegisterOperation
    {
        internal override RegisterState? Apply(RegisterState found)
        {
            Invariant.Check(AcceptorSet.AreOneStepApart(found.Acceptors, Acceptors), "acceptors change one at a time");
            return found with { Acceptors = Acceptors };
        }
    }
}
