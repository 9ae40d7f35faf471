using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.WorkerManager;

/// <summary>A request that waits for a sandbox. Volatile: nothing of it is journaled, and a new leader has never heard of it.</summary>
internal sealed class Waiter(AllocateRequest request, FunctionVersion function, ulong parametersHash, Answer answer) : ITimed
{
    public AllocateRequest Request { get; } = request;

    public FunctionVersion Function { get; } = function;

    public ulong ParametersHash { get; } = parametersHash;

    public Answer Answer { get; } = answer;

    public LinkedListNode<Waiter>? Node { get; set; }

    /// <summary>The next one of the same call (a batch has several).</summary>
    public Waiter? NextOfCall { get; set; }

    public JournalTime Due { get; set; }

    public int TimerSlot { get; set; }
}
