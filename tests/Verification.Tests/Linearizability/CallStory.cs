using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Tests.Linearizability;

/// <summary>Writes a history for a model by hand, call by call, and asks for its verdict.</summary>
internal sealed class CallStory<TState, TCall>(ISequentialModel<TState, TCall> model)
    where TState : notnull
{
    private readonly List<Operation<TCall>> _operations = [];

    public LinearizabilityResult<TCall> Result => LinearizabilityCheck.Run(model, _operations, SearchLimits.Default);

    public Verdict Verdict => Result.Verdict;

    public CallStory<TState, TCall> Did(long from, long to, TCall call) => Add(from, to, call);

    public CallStory<TState, TCall> NeverHeardOf(long from, TCall call) => Add(from, null, call);

    private CallStory<TState, TCall> Add(long from, long? to, TCall call)
    {
        _operations.Add(new Operation<TCall>(_operations.Count, call, from, to));
        return this;
    }
}
