using System.CommandLine;
using ControlPlane.Bench.Load;
using ControlPlane.Bench.Replicated;
using ControlPlane.Bench.Reports;
using Spectre.Console;

namespace ControlPlane.Bench.Commands;

/// <summary>
/// <c>replicated</c>: appends to a journal with three replicas in processes of their own, beside the bare floor, the same journal with one
/// replica, and etcd with three members. All run throughout and are measured in turn, so that the disk's mood touches all alike.
/// </summary>
internal static class ReplicatedCommand
{
    private const int Replicas = 3;
    private static readonly string[] All = ["echo", "one", "three", "streamed", "etcd"];

    public static Command Build()
    {
        var data = BenchOptions.Data();
        var seconds = BenchOptions.Seconds(3);
        var warmUp = BenchOptions.WarmUp();
        var json = BenchOptions.Json();
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each; figures are medians, ratios are taken within a round.", DefaultValueFactory = _ => 5 };
        var size = new Option<int>("--size") { Description = "Bytes of an entry, and of a value put.", DefaultValueFactory = _ => 128 };
        var concurrency = new Option<int[]>("--concurrency") { Description = "Clients at a time.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 64] };
        var subjects = new Option<string[]>("--subjects") { Description = "Who is measured.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => All };
        subjects.AcceptOnlyFromAmong(All);
        var command = new Command("replicated", "Appends to a journal with three replicas, beside a bare echo that syncs, one replica, and etcd.")
        {
            data, seconds, warmUp, rounds, size, concurrency, subjects, json,
        };
        command.Validators.Add(result =>
        {
            var names = result.GetValue(subjects) ?? All;
            if (names.Contains("streamed") && !names.TakeWhile(name => name != "streamed").Contains("three"))
            {
                result.AddError("'streamed' calls the nodes of 'three': name both, 'three' first.");
            }
        });
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(data),
            new Effort(
                TimeSpan.FromSeconds(parsed.GetRequiredValue(seconds)),
                TimeSpan.FromSeconds(parsed.GetRequiredValue(warmUp)),
                parsed.GetRequiredValue(rounds),
                parsed.GetRequiredValue(size),
                parsed.GetRequiredValue(concurrency)),
            parsed.GetRequiredValue(subjects),
            parsed.GetValue(json),
            cancellation));
        return command;
    }

    private static async Task RunAsync(string data, Effort effort, string[] names, bool json, CancellationToken cancellation)
    {
        var directory = Directory.CreateDirectory(Path.Combine(data, $"controlplane-replicated-{Environment.ProcessId}"));
        var subjects = new List<ISubject>();
        var rounds = new List<ReplicatedRound>();
        try
        {
            await Narration.DuringAsync(json, async step =>
            {
                foreach (var name in names)
                {
                    if (name == "etcd" && !EtcdMembers.IsInstalled)
                    {
                        step("etcd is not on PATH (Debian: etcd-server); going on without");
                        continue;
                    }

                    step($"starting {name}");
                    if (name == "streamed")
                    {
                        // The same nodes, called in another way.
                        subjects.Add(new StreamedAppends(subjects.OfType<JournalNodes>().Last(nodes => nodes.Count == Replicas)));
                        continue;
                    }

                    subjects.Add(await StartAsync(name, directory.FullName, effort.PayloadBytes, cancellation));
                    step($"{subjects[^1].Name}: processes {string.Join(", ", subjects[^1].Processes)}");
                }

                await MeasureAsync(subjects, effort, rounds, step, cancellation);
            });
            ReplicatedReport.Write(rounds, $"journal, {Replicas} replicas", json, AnsiConsole.Console);
        }
        finally
        {
            foreach (var subject in subjects)
            {
                await subject.DisposeAsync();
            }

            directory.Delete(recursive: true);
        }
    }

    private static async Task<ISubject> StartAsync(string name, string directory, int bytes, CancellationToken cancellation) => name switch
    {
        "echo" => await EchoSubject.StartAsync(directory, bytes, cancellation),
        "one" => await JournalNodes.StartAsync(directory, 1, bytes, cancellation),
        "three" => await JournalNodes.StartAsync(directory, Replicas, bytes, cancellation),
        _ => await EtcdMembers.StartAsync(directory, bytes, cancellation),
    };

    private static async Task MeasureAsync(
        List<ISubject> subjects, Effort effort, List<ReplicatedRound> rounds, Action<string> step, CancellationToken cancellation)
    {
        foreach (var subject in subjects)
        {
            step($"warming up: {subject.Name}");
            await RunOnceAsync(subject, effort.Concurrencies.Max(), 0, effort.WarmUp / subjects.Count, cancellation);
        }

        foreach (var concurrency in effort.Concurrencies)
        {
            for (var round = 1; round <= effort.Rounds; round++)
            {
                step($"c={concurrency}, round {round} of {effort.Rounds}");
                foreach (var subject in subjects)
                {
                    rounds.Add(await RunOnceAsync(subject, concurrency, round, effort.Duration, cancellation));
                }
            }
        }
    }

    private static async Task<ReplicatedRound> RunOnceAsync(ISubject subject, int concurrency, int round, TimeSpan duration, CancellationToken cancellation)
    {
        var load = await subject.ConnectAsync(concurrency, cancellation);
        var before = ServerWork.WakeUpsOf(subject.Processes);
        var cpu = Environment.CpuUsage.TotalTime;
        var measured = await ClosedLoop.RunAsync(load, concurrency, duration, () => ServerWork.CpuOf(subject.Processes), cancellation);
        if (load is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        return new ReplicatedRound(concurrency, subject.Name, round, measured, ServerWork.WakeUpsOf(subject.Processes) - before, Environment.CpuUsage.TotalTime - cpu);
    }

    private sealed record Effort(TimeSpan Duration, TimeSpan WarmUp, int Rounds, int PayloadBytes, int[] Concurrencies);
}
