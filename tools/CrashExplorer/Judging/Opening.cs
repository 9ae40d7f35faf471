using ControlPlane.CrashExplorer.Images;
using ControlPlane.CrashExplorer.Workloads;
using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Register;
using ControlPlane.Journal.Replica;
using ControlPlane.Journal.Segments;
using ControlPlane.Journal.Snapshots;
using ControlPlane.Primitives;

namespace ControlPlane.CrashExplorer.Judging;

/// <summary>Opens an image with the real recovery, reads everything that it then holds, and reports what happened.</summary>
internal static class Opening
{
    /// <param name="image">Not changed: the opening works on a fork of it.</param>
    /// <param name="closed">What the register, elsewhere, has closed.</param>
    /// <param name="policy">Alone or among several.</param>
    /// <param name="isLarge">Which sizes the workload used.</param>
    /// <param name="layer">A disk between the storage and the image: how the changes of an opening are recorded, or a deliberate bug put in.</param>
    public static OpeningFacts Of(
        DiskImage image, IReadOnlyList<ClosedEpoch> closed, DamagePolicy policy, bool isLarge, Func<IDisk, IDisk>? layer = null)
    {
        var after = image.Fork();
        var disk = layer is null ? new ImageDisk(after) : layer(new ImageDisk(after));
        var facts = new OpeningFacts { Policy = policy, After = after };
        try
        {
            using var store = ReplicaStore.Open(Stage.Replica, Stage.Identity, disk, Stage.OptionsOf(isLarge), closed, policy);
            facts = ReadAll(facts, store);
            facts = AskAcceptor(facts, store);
        }
        catch (JournalRefusedException refused)
        {
            facts = facts with { Refusal = refused.Message, Reason = refused.Reason };
        }
        catch (StorageFaultException fault)
        {
            facts = facts with { Refusal = fault.Message };
        }
        catch (Exception broken)
        {
            facts = facts with { Crash = $"{broken.GetType().Name}: {broken.Message}" };
        }

        return AskRegister(facts, disk);
    }

    private static OpeningFacts ReadAll(OpeningFacts facts, ReplicaStore store)
    {
        var held = new List<ChainHash>();
        facts = facts with { Promise = store.Promise, End = store.End, Head = store.Head.Value, Held = held, Snapshots = SnapshotsOf(store) };
        try
        {
            store.ReadEntries(store.Head, store.End.Tail, (in ScannedEntry entry) =>
            {
                held.Add(ChainHash.Of(entry.Encoded));
                return true;
            });
            return facts;
        }
        catch (Exception refused) when (refused is JournalRefusedException or StorageFaultException)
        {
            return facts with { ReadRefusal = refused.Message };
        }
    }

    private static List<(ulong Position, ChainHash Hash)> SnapshotsOf(ReplicaStore store)
    {
        var whole = new List<(ulong, ChainHash)>();
        foreach (var position in store.Snapshots.List())
        {
            try
            {
                using var reader = store.Snapshots.Open(position);
                var piece = new byte[4096];
                while (reader.Read(piece) > 0)
                {
                    // Verified by reading to the end; what these snapshots hold follows from their position.
                    if (piece[0] != (byte)(position.Value + 1))
                    {
                        throw new SnapshotDamagedException(position.ToString(), "it holds what was never written");
                    }
                }

                whole.Add((position.Value, reader.Header.Applied.LastHash));
            }
            catch (SnapshotDamagedException)
            {
                // Reported by the opening; the next older one is used.
            }
        }

        return whole;
    }

    private static OpeningFacts AskAcceptor(OpeningFacts facts, ReplicaStore store)
    {
        try
        {
            using var acceptor = store.OpenAcceptor();
            return facts with { Acceptor = AcceptorText.Of(acceptor.State) };
        }
        catch (Exception refused) when (refused is JournalRefusedException or StorageFaultException)
        {
            return facts with { AcceptorRefusal = refused.Message };
        }
    }

    private static OpeningFacts AskRegister(OpeningFacts facts, IDisk disk)
    {
        try
        {
            using var register = FileConfigRegister.Open(Stage.Register, disk);
            return facts with { Register = AcceptorText.Of(register.Read()) };
        }
        catch (Exception refused) when (refused is JournalRefusedException or StorageFaultException)
        {
            return facts with { RegisterRefusal = refused.Message };
        }
        catch (Exception broken)
        {
            return facts with { Crash = $"{broken.GetType().Name}: {broken.Message}" };
        }
    }
}
