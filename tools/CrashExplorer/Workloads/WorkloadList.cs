namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>The workloads, each about one part of the storage.</summary>
internal static class WorkloadList
{
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("creation", "a replica is made, opened, and takes one entry", Creation),
        new("appends", "entries of many sizes, each flushed and acknowledged", Appends),
        new("sectors", "entries of exactly a sector, each flushed and acknowledged", Sectors),
        new("batches", "appends of several entries, several appends to a flush, commits that lag behind", Batches),
        new("half-append", "an append whose second half never comes, or comes in the next segment", HalfAppend) { IsAmongSeveral = true },
        new("kills", "killed between write and sync, started again, and again", Kills),
        new("promises", "promises and seals, killed within them", Promises),
        new("acceptor", "the register's acceptor saves what it promised and accepted, killed within it", Acceptor),
        new("register", "the register of one machine is set, killed within it", Register),
        new("reigns", "several reigns, closed one after the other, with restarts", Reigns),
        new("clips", "segments begin before the tail, across several others, and under a name that is taken", Clips) { IsAmongSeveral = true },
        new("snapshots", "snapshots taken and published, old ones deleted, segments trimmed", Snapshots),
        new("received", "a snapshot arrives from another replica and the journal begins behind it", Received) { IsAmongSeveral = true },
        new("healing", "damage met by a start, a journal rolled back, brought again by the others", Healing) { IsAmongSeveral = true },
        new("pages", "large entries across pages and device files, trimmed by file", Pages) { IsLarge = true },
    ];

    /// <summary>
    /// What a replica on the same disk does: its slots were written more often than those of the others and hold less, so that one which is
    /// taken for ours would bring something old back.
    /// </summary>
    public static Workload Neighbour { get; } = new("neighbour", "another replica on the same disk", run =>
    {
        Start(run, epoch: 1);
        for (var turn = 1ul; turn <= 30; turn++)
        {
            run.Append(60);
            run.Acknowledge();
            run.Accept(promised: 1, accepted: 1, version: 1, valueBytes: 20 + ((int)turn % 2));
            run.Promise(turn / 8 + 1, isSealed: turn % 8 > 3);
        }

        run.TakeSnapshot(100);
    });

    public static Workload? Find(string name) => All.FirstOrDefault(workload => workload.Name == name);

    private static void Creation(WorkloadRun run)
    {
        run.Create();
        run.Open();
        run.Begin(1);
        run.Append(100);
        run.Acknowledge();
    }

    private static void Appends(WorkloadRun run)
    {
        Start(run, epoch: 1);

        // Around the sector, with header and frame of 132 bytes: ends just before, at, and behind a boundary.
        foreach (var payloadBytes in new[] { 0, 1, 100, 183, 380, 381, 0, 700, 2_000, 5_000, 100, 12_000, 3 })
        {
            run.Append(payloadBytes);
            run.Acknowledge();
        }
    }

    // A frame of a sector's length: a record that goes one sector too far lands where the next one belongs.
    private static void Sectors(WorkloadRun run)
    {
        Start(run, epoch: 1);
        for (var i = 0; i < 6; i++)
        {
            run.Append(380);
            run.Acknowledge();
        }
    }

    private static void Batches(WorkloadRun run)
    {
        Start(run, epoch: 1);
        run.Append(100);
        run.Append(100, 200, 300);
        run.AcknowledgeWithoutCommitting();
        run.Append(1_000, 10);
        run.Append(50);
        run.Append(20, 600);
        run.AcknowledgeWithoutCommitting();
        run.Append(900);
        run.Append(900);
        run.Acknowledge();
        run.Append(4_000, 4_000);
        run.Flush();
        run.Append(10, 10, 10);
        run.Acknowledge();
        run.Append(70);
        run.Flush();
    }

    private static void HalfAppend(WorkloadRun run)
    {
        Start(run, epoch: 1);
        run.Append(100);
        run.Acknowledge();
        run.AppendEntry(100, endsAppend: false);
        run.AppendEntry(300, endsAppend: false);
        run.Acknowledge();
        run.Begin(2);
        run.AppendEntry(100, endsAppend: true);
        run.Acknowledge();
        run.AppendEntry(500, endsAppend: false);
        run.Acknowledge();
        run.Restart();
        run.Begin(2);
        run.Append(100);
        run.Acknowledge();
    }

    private static void Kills(WorkloadRun run)
    {
        Start(run, epoch: 1);
        run.Append(100);
        run.Append(600);
        run.Acknowledge();

        // Written, and killed before the sync: the next start finds the bytes in the system's cache.
        run.Killed(1, () =>
        {
            run.Append(300);
            run.Append(900);
            run.Acknowledge();
        });
        run.Begin(2);
        run.Append(200);
        run.Acknowledge();
        run.Killed(3, () =>
        {
            run.Append(40);
            run.Acknowledge();
            run.Append(400);
            run.Acknowledge();
        });

        // Killed while a segment begins: before, within and behind its first durable step.
        foreach (var afterChanges in new[] { 1, 3, 6, 9 })
        {
            run.Killed(afterChanges, () => run.Begin(3));
        }

        run.Begin(3);
        run.Append(100);
        run.Acknowledge();
    }

    private static void Promises(WorkloadRun run)
    {
        run.Create();
        run.Open();
        run.Promise(1, isSealed: false);
        run.Begin(1);
        run.Append(100);
        run.Acknowledge();
        run.Promise(1, isSealed: true);
        run.Promise(2, isSealed: false);
        run.Restart();

        // Of the four changes (write and sync of one slot, and of the other), killed behind each.
        for (var afterChanges = 0; afterChanges <= 3; afterChanges++)
        {
            var epoch = (ulong)(5 + afterChanges);
            run.Killed(afterChanges, () => run.Promise(epoch, isSealed: afterChanges % 2 == 0));
        }

        run.Promise(20, isSealed: false);
        run.Promise(20, isSealed: true);
    }

    private static void Acceptor(WorkloadRun run)
    {
        run.Create();
        run.Open();
        run.Accept(promised: 1, accepted: 0, version: 0, valueBytes: 0);
        run.Accept(promised: 1, accepted: 1, version: 1, valueBytes: 40);
        run.Accept(promised: 4, accepted: 1, version: 1, valueBytes: 40);
        for (var afterChanges = 0; afterChanges <= 3; afterChanges++)
        {
            var ballot = (ulong)(5 + afterChanges);
            run.Killed(afterChanges, () => run.Accept(ballot, ballot, version: ballot, valueBytes: 700));
        }

        run.Accept(promised: 20, accepted: 20, version: 20, valueBytes: 1_500);
    }

    private static void Register(WorkloadRun run)
    {
        run.Create();
        run.OpenRegister();
        run.SetRegister(100);
        run.SetRegister(1_200);
        run.OpenRegister();
        run.SetRegister(30);
        run.Open();
        for (var afterChanges = 0; afterChanges <= 3; afterChanges++)
        {
            run.Killed(afterChanges, () => run.SetRegister(300));
            run.OpenRegister();
        }

        run.SetRegister(500);
    }

    private static void Reigns(WorkloadRun run)
    {
        Start(run, epoch: 1);
        for (var epoch = 1ul; epoch <= 3; epoch++)
        {
            run.Promise(epoch, isSealed: false);
            run.Append(100, 300);
            run.Acknowledge();
            run.Append(500);
            run.Acknowledge();
            run.Promise(epoch, isSealed: true);
            run.CloseEpoch(epoch);
            run.Restart();
            run.Begin(epoch + 1);
        }

        // A follower that restarts within a reign begins another segment of it.
        run.Append(100);
        run.Acknowledge();
        run.Restart();
        run.Begin(4);
        run.Append(250);
        run.Acknowledge();
        run.Restart();
        run.Begin(4);
    }

    private static void Clips(WorkloadRun run)
    {
        Start(run, epoch: 1);
        Many(run, 4);
        run.Restart();
        run.Begin(2);
        Many(run, 3);
        run.Begin(3);
        Many(run, 2);
        run.Begin(4, start: 5);
        Many(run, 2);
        run.Begin(4, start: 5);
        Many(run, 1);
        run.Killed(8, () => run.Begin(5, start: 3));
        run.Begin(5, start: 3);
        Many(run, 1);
        run.Restart();
        run.Begin(5, run.Store.End.Tail.Value);
        run.Restart();
        run.Begin(5, run.Store.End.Tail.Value);
    }

    private static void Snapshots(WorkloadRun run)
    {
        Start(run, epoch: 1);
        Many(run, 3);
        run.TakeSnapshot(400);
        Many(run, 1);
        run.Restart();
        run.Begin(2);
        Many(run, 2);
        run.TakeSnapshot(1_300);
        run.Trim(4);
        Many(run, 1);
        run.Restart();
        run.Begin(3);
        Many(run, 2);
        run.TakeSnapshot(50);
        run.Killed(2, () => run.TakeSnapshot(700));
        run.Begin(4);
        Many(run, 1);

        // The rename is done and the directory not synced: the next start uses the snapshot and trims what it covers.
        run.Killed(4, () => run.TakeSnapshot(900));
        run.Begin(5);
        run.Trim(11);
        Many(run, 1);
    }

    private static void Received(WorkloadRun run)
    {
        var sender = WorkloadRun.Of(new Workload("sender", "the replica from which the snapshot comes", source =>
        {
            Start(source, epoch: 1);
            Many(source, 9);
            source.TakeSnapshot(700);
            Many(source, 2);
        }), identity: run.Identity);
        Start(run, epoch: 1);
        Many(run, 3);
        run.ReceiveSnapshot(sender, position: 9, partBytes: 300);
        run.Begin(2);
        Many(run, 2);
        run.Restart();
        run.Begin(3);
        Many(run, 1);
    }

    private static void Healing(WorkloadRun run)
    {
        Start(run, epoch: 1);
        Many(run, 4);
        run.Restart();
        run.Begin(2);
        Many(run, 4);
        var history = run.Written();
        run.DamageAndStart($"{Stage.Replica}/segments/1-1/000000.entries", offset: 600);
        run.Promise(3, isSealed: false);
        run.Killed(7, () => run.Begin(3));
        run.Heal(3, history);
        Many(run, 1);
        run.Restart();
        run.Begin(4);
        Many(run, 1);
    }

    private static void Pages(WorkloadRun run)
    {
        Start(run, epoch: 1);
        run.Append(250_000);
        run.Acknowledge();
        run.Append(200_000, 260_000);
        run.Acknowledge();
        run.Append(250_000);
        run.Append(200_000);
        run.Append(100);
        run.Acknowledge();
        run.Append(240_000);
        run.Append(200_000);
        run.Append(200_000, 100_000);
        run.Acknowledge();
        run.Restart();
        run.TakeSnapshot(3_000);
        run.Begin(2);
        run.Append(1_000);
        run.Acknowledge();
        run.Trim(11);
        run.Append(1_000);
        run.Acknowledge();
    }

    private static void Start(WorkloadRun run, ulong epoch)
    {
        run.Create();
        run.Open();
        run.Begin(epoch);
    }

    private static void Many(WorkloadRun run, int entries)
    {
        for (var i = 0; i < entries; i++)
        {
            run.Append(100 + (i * 130));
            run.Acknowledge();
        }
    }
}
