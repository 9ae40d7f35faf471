using System.Text.Json;
using ControlPlane.JournalInspector.Tests.Samples;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.Tests.WhatIf;

public sealed class WhatIfTests : IDisposable
{
    private const string Every = "--policy best-score --policy pack --policy spread --policy round-robin --policy random";
    private readonly TemporaryDirectory _directory = new();
    private string Journal => _directory.Combine("journal");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_small_fleet_that_loses_a_worker_under_every_policy()
    {
        WriteFleet();
        await Golden.MatchesAsync(Journal, [$"whatif DIR {Every}", "whatif DIR --policy pack --from 20 --to 40 --json", "whatif DIR --policy pack --from 999"]);
    }

    [Fact]
    public async Task A_damaged_journal_is_replayed_from_its_snapshot_on()
    {
        using var sample = new SampleJournal();
        var (file, offset) = sample.Find(SampleJournal.FirstLease);
        Damage.FlipBit(file, offset + 140);
        await Golden.MatchesAsync(sample.Path, ["whatif DIR --policy pack", "whatif DIR --policy pack --from 17"]);
    }

    [Fact]
    public async Task A_live_journal_is_replayed_as_far_as_it_is_then()
    {
        WriteFleet();
        using var journal = new JournalBuilder(Journal);
        journal.After(60).Append(Facts.Claimed("node-1"));
        var run = await Inspector.RunAsync("whatif", Journal, "--policy", "spread", "--json");
        Assert.True(run.Exit == 0, run.Error);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_answer_and_packing_uses_fewer_workers_than_spreading()
    {
        WriteFleet();
        string[] command = ["whatif", Journal, "--policy", "pack", "--policy", "spread", "--json"];
        var (first, second) = (await Inspector.RunAsync(command), await Inspector.RunAsync(command));
        Assert.Equal(first.Output, second.Output);
        var outcomes = JsonDocument.Parse(first.Output).RootElement.GetProperty("outcomes").EnumerateArray().ToDictionary(
            outcome => outcome.GetProperty("policy").GetString()!,
            outcome => outcome.GetProperty("workers").EnumerateArray().Count(worker => worker.GetProperty("started").GetInt32() > 0));
        Assert.True(outcomes["pack"] < outcomes["spread"], first.Output);
    }

    /// <summary>Three workers, two functions, a burst that needs six sandboxes, a quiet time, the loss of a worker, and another burst.</summary>
    private void WriteFleet()
    {
        using var journal = new JournalBuilder(Journal);
        journal.Append(Facts.Claimed("node-1"), Facts.Settings(), Facts.Tenant("acme"), Facts.Tenant("globex"));
        journal.Append(Facts.Function("echo"), Facts.Function("resize"));
        ulong[] workers = [journal.Append(Facts.Worker("worker-a")), journal.Append(Facts.Worker("worker-b")), journal.Append(Facts.Worker("worker-c"))];
        var leases = new List<ulong>();
        for (var i = 0; i < 6; i++)
        {
            var sandbox = journal.After(0.1).Append(Facts.Created(workers[i % 3], function: i < 4 ? 5UL : 6UL));
            journal.After(0.2).Append(Facts.Ready(sandbox));
            leases.Add(journal.Append(Cold(Facts.Granted(sandbox, tenant: i % 2 == 0 ? 3UL : 4UL, request: 0x10 + (ulong)i))));
        }

        foreach (var lease in leases)
        {
            journal.After(0.5).Append(Facts.Released(lease));
        }

        journal.After(30).Append(Facts.Tenant("initech"));
        var onA = journal.Core.State.LiveSandboxes().First(sandbox => sandbox.Worker.Name.Value == "worker-a").Position.Value;
        var held = journal.After(1).Append(Facts.Granted(onA, 3, 0x30));
        journal.After(0.01).Append(Facts.Confirmed(held));
        journal.After(5).Append(Facts.Lost(workers[0]));
        foreach (var sandbox in journal.Core.State.LiveSandboxes().Where(sandbox => sandbox.Worker.Name.Value != "worker-a").Select(sandbox => sandbox.Position.Value).ToArray())
        {
            journal.After(0.1).Append(Facts.Granted(sandbox, 4, 0x40 + sandbox));
        }
    }

    private static Entry Cold(Entry grant)
    {
        grant.LeaseGranted.Warm = false;
        grant.LeaseGranted.Reason = ChoiceReason.Cold;
        return grant;
    }
}
