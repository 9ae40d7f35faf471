using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Sandboxes in descending order of the position that freed them. What is freed now goes to the front in O(1); the order
/// is derived from the records alone, so a restored state chooses as the original would have.
/// </summary>
internal sealed class SandboxChain
{
    public int Count { get; private set; }

    /// <summary>Most recently used.</summary>
    public Sandbox? Newest { get; private set; }

    /// <summary>Least recently used.</summary>
    public Sandbox? Oldest { get; private set; }

    public void Add(Sandbox sandbox)
    {
        var newer = default(Sandbox);
        var older = Newest;
        while (older is not null && older.FreedPosition > sandbox.FreedPosition)
        {
            newer = older;
            older = older.ChainOlder;
        }

        sandbox.ChainNewer = newer;
        sandbox.ChainOlder = older;
        Link(newer, older, sandbox, sandbox);
        Count++;
    }

    public void Remove(Sandbox sandbox)
    {
        Invariant.Check(Count > 0, "what is removed from a chain is in it");
        Link(sandbox.ChainNewer, sandbox.ChainOlder, sandbox.ChainOlder, sandbox.ChainNewer);
        sandbox.ChainNewer = null;
        sandbox.ChainOlder = null;
        Count--;
    }

    private void Link(Sandbox? newer, Sandbox? older, Sandbox? olderOfNewer, Sandbox? newerOfOlder)
    {
        if (newer is null)
        {
            Newest = olderOfNewer;
        }
        else
        {
            newer.ChainOlder = olderOfNewer;
        }

        if (older is null)
        {
            Oldest = newerOfOlder;
        }
        else
        {
            older.ChainNewer = newerOfOlder;
        }
    }
}
