using System.Buffers.Binary;
using System.Diagnostics;
using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;
using ControlPlane.Verification.Witness;

namespace ControlPlane.Verification.Tests.Witness;

/// <summary>Prints what the bar in the README is about; a busy machine must not fail it.</summary>
public sealed class WitnessSpeedTests(ITestOutputHelper output)
{
    private const int Operations = 1_000_000;
    private const int Clients = 64;
    private const int HashBytes = 16;

    [Fact]
    public void A_million_operations_are_checked_against_three_replicas()
    {
        var (entries, operations) = Tell();
        ReplicaEntries[] replicas = [Replica("a"), Replica("b"), Replica("c")];
        var watch = Stopwatch.StartNew();
        var journal = new WitnessJournal(entries);
        Lap("index of the journal");
        var found = JournalShapeCheck.Run(journal, hasher: null).ToList();
        Lap("shape");
        found.AddRange(AcknowledgedAppendCheck.Run(journal, operations));
        Lap("acknowledged appends");
        found.AddRange(RealTimeOrderCheck.Run(journal, operations));
        Lap("real-time order");
        found.AddRange(PrefixAgreementCheck.Run(replicas));
        Lap("agreement of three replicas");
        watch.Restart();
        found.AddRange(WitnessCheck.Run(new WitnessJournal(entries), operations, replicas));
        Lap("everything once more, in one");
        Assert.Empty(found);

        ReplicaEntries Replica(string name) => new(name, entries[^1].Position, Held(entries));

        void Lap(string what)
        {
            output.WriteLine($"{watch.Elapsed.TotalMilliseconds,6:0} ms  {what}");
            watch.Restart();
        }
    }

    private static IEnumerable<ReplicaEntry> Held(WitnessEntry[] entries)
    {
        foreach (var entry in entries)
        {
            yield return new ReplicaEntry(entry.Position, entry.PrefixHash);
        }
    }

    /// <summary>One entry for each append, in the order of time, by clients with up to a hundred calls in flight.</summary>
    private static (WitnessEntry[] Entries, Operation<JournalCall>[] Operations) Tell()
    {
        var random = new SeededRandom(1);
        var contents = new UInt128[Operations];
        var hashes = new byte[Operations * HashBytes];
        var entries = new WitnessEntry[Operations];
        var operations = new Operation<JournalCall>[Operations];
        for (var at = 0; at < Operations; at++)
        {
            contents[at] = (UInt128)(ulong)at << 40;
            var client = new ClientId((ulong)random.Below(Clients) + 1);
            var number = new ClientSequence((ulong)at + 1);
            var position = new SequenceNumber((ulong)at + 1);
            entries[at] = new WitnessEntry(position, new Epoch(1), hashes.AsMemory(at * HashBytes, HashBytes), EntryType.User, client, number, EndsAppend: true, contents[at]);
            var call = new JournalCall { Function = JournalFunction.Append, Answer = JournalAnswer.Ok, Client = client, Number = number, Contents = contents.AsMemory(at, 1), Position = position };
            BinaryPrimitives.WriteUInt64LittleEndian(hashes.AsSpan(at * HashBytes), position.Value);
            operations[at] = new Operation<JournalCall>(at, call, (10L * at) - random.Below(500), (10L * at) + random.Below(500));
        }

        // As a recorder would have them: in the order of the answers.
        Array.Sort(operations, (one, other) => Nullable.Compare(one.Completed, other.Completed));
        return (entries, operations);
    }
}
