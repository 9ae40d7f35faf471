using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.WorkerManager;

/// <summary>Where an allocation's outcome goes: to its call, or to its place in a batch's answer.</summary>
internal readonly record struct Answer(CallId Call, BatchAnswer? Batch = null, int Index = 0)
{
    public void Give(Reign reign, Outcome outcome)
    {
        if (Batch is null)
        {
            reign.Reply(Call, outcome);
        }
        else if (Batch.Set(Index, outcome))
        {
            reign.Reply(Call, new BatchAnswered(Batch.Outcomes));
        }
    }
}

/// <summary>Collects the outcomes of a batch whose requests may be answered at different times.</summary>
internal sealed class BatchAnswer(int count)
{
    private int missing = count;

    public Outcome[] Outcomes { get; } = new Outcome[count];

    /// <summary>True if this was the last one missing.</summary>
    public bool Set(int index, Outcome outcome)
    {
        Outcomes[index] = outcome;
        return --missing == 0;
    }
}
