using ControlPlane.Primitives;
using ControlPlane.Runtime.Journals;
using ControlPlane.Server.Errors;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>A journal of this node as the journal service sees it.</summary>
/// <param name="Name">Its configured name.</param>
/// <param name="Directory">Where it lies.</param>
/// <param name="Engine">For reading.</param>
/// <param name="Host">For writing; null if the worker manager owns it.</param>
/// <param name="Partition">The worker manager's that owns it, or null.</param>
internal sealed record HostedJournal(string Name, string Directory, JournalEngine Engine, JournalHost? Host, ServedPartition? Partition)
{
    /// <summary>Asks the engine inside its loop.</summary>
    public async ValueTask<T> AskAsync<T>(Func<JournalEngine, T> question, ServerCallContext context)
    {
        if (Host is not { } host)
        {
            return await Partition!.Calls.QueryAsync(_ => question(Engine), context);
        }

        try
        {
            return await host.AskAsync(question);
        }
        catch (JournalOverloadedException)
        {
            throw Refusals.Overloaded("mailbox", JournalHost.MailboxMax);
        }
        catch (JournalFailedException)
        {
            throw CutOff.Call(context);
        }
    }

    /// <summary>
    /// Where a reader begins who wants entries from <paramref name="from"/> on; 0 = behind what is committed. Only the writer knows that nothing is there:
    /// elsewhere a reader who comes from another node may be ahead, and waits.
    /// </summary>
    public async ValueTask<SequenceNumber> BeginAsync(ulong from, ServerCallContext context)
    {
        if (from == 0)
        {
            return Engine.Committed.Next;
        }

        var first = new SequenceNumber(from);
        var tail = await AskAsync(engine => engine.Leads ? engine.Tail : (SequenceNumber?)null, context);
        return first > tail ? throw Refusals.BeyondTail(first, tail.Value) : first;
    }
}

/// <summary>The journals of this node, by name or id.</summary>
internal sealed class HostedJournals(IReadOnlyList<HostedJournal> journals)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<HostedJournal> All { get; } = journals;

    /// <summary>The journal for reading.</summary>
    public HostedJournal Find(string nameOrId)
    {
        var isId = JournalId.TryParse(nameOrId, out var id);
        return All.FirstOrDefault(journal => journal.Name == nameOrId || (isId && journal.Engine.Id == id))
            ?? throw Refusals.UnknownJournal(nameOrId);
    }

    /// <summary>The journal for reading; of no name the first.</summary>
    public HostedJournal FindOrFirst(string nameOrId) => nameOrId.Length == 0 ? All[0] : Find(nameOrId);

    /// <summary>The journal for writing.</summary>
    public JournalHost FindWritable(string nameOrId) => Find(nameOrId).Host ?? throw Refusals.JournalOwned(nameOrId);
}
