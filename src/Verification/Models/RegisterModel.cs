using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Models;

/// <summary>What a register holds; null is "nil".</summary>
public readonly record struct RegisterState(long? Value);

/// <summary>One register with reads, writes and compare-and-sets, as in Jepsen's tests of etcd: nil at first, and a failed compare-and-set must have failed for a reason.</summary>
public sealed class RegisterModel : ISequentialModel<RegisterState, RegisterCall>
{
    /// <inheritdoc/>
    public RegisterState Initial => default;

    /// <inheritdoc/>
    public string PartOf(RegisterCall exchange) => "";

    /// <inheritdoc/>
    public bool TryStep(RegisterState state, RegisterCall exchange, out RegisterState after)
    {
        after = exchange.Function switch
        {
            RegisterFunction.Write => new RegisterState(exchange.Value),
            RegisterFunction.CompareAndSet when state.Value == exchange.Expected => new RegisterState(exchange.Value),
            _ => state,
        };
        return exchange.Answer == RegisterAnswer.None || exchange.Function switch
        {
            RegisterFunction.Read => exchange.Answer == RegisterAnswer.Ok && exchange.Value == state.Value,
            RegisterFunction.Write => exchange.Answer == RegisterAnswer.Ok,
            _ => (exchange.Answer == RegisterAnswer.Ok) == (state.Value == exchange.Expected),
        };
    }

    /// <inheritdoc/>
    public string Describe(RegisterState state) => $"the value is {RegisterCall.Show(state.Value)}";
}
