using ControlPlane.Chaos.Recording;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Tests;

/// <summary>What is written down is read back the same.</summary>
public sealed class RecordingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Calls_and_events_are_read_back_as_they_were_written()
    {
        Operation[] calls =
        [
            new() { Kind = OperationKind.Allocate, From = 1, To = 2, Outcome = OperationOutcome.Ok, Client = 3, Tenant = "t", Request = "0a", Leases = [new LeaseRecord("L0-1", "S0-2", "3.1", 5)], Replayed = true, Warm = false },
            new() { Kind = OperationKind.Append, From = 2, To = 9, Outcome = OperationOutcome.Unknown, Entry = "client-1/0", Reason = "\"lost\"\n" },
        ];
        await using (var file = new JsonLines<Operation>(_directory.In("history.jsonl")))
        {
            Array.ForEach(calls, file.Add);
        }

        var read = JsonLines<Operation>.Read(_directory.In("history.jsonl")).ToList();
        Assert.Equal(calls.Select(call => call with { Leases = null }), read.Select(call => call with { Leases = null }));
        Assert.Equal(calls[0].Leases, read[0].Leases);
    }

    [Fact]
    public async Task Of_a_file_whose_writer_was_killed_all_whole_lines_count()
    {
        var path = _directory.In("events.jsonl");
        await using (var file = new JsonLines<RunEvent>(path))
        {
            file.Add(new RunEvent { Kind = EventKind.Phase, At = 5, What = "load" });
            file.Add(new RunEvent { Kind = EventKind.Fault, At = 6, Fault = 1, What = "kill", Targets = ["node-1"], Over = false });
        }

        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(path, text[..^10], TestContext.Current.CancellationToken);
        Assert.Equal("load", Assert.Single(JsonLines<RunEvent>.Read(path)).What);
    }

    [Fact]
    public async Task Threads_write_whole_lines()
    {
        var path = _directory.In("history.jsonl");
        await using (var file = new JsonLines<Operation>(path))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(client => Task.Run(() =>
            {
                for (var i = 0; i < 500; i++)
                {
                    file.Add(new Operation { Client = client, From = i, To = i + 1 });
                }
            })));
        }

        Assert.Equal(Enumerable.Repeat(500, 8), JsonLines<Operation>.Read(path).CountBy(call => call.Client).OrderBy(count => count.Key).Select(count => count.Value));
    }
}
