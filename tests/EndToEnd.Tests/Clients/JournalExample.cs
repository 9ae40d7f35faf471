using System.Text;
using ControlPlane.Client;
using ControlPlane.Protocol.V1;

namespace ControlPlane.EndToEnd.Tests.Clients;

/// <summary>The example of <c>tools/cpctl/JOURNAL.md</c>, compiled; a test compares the two.</summary>
internal static class JournalExample
{
    public static async Task RunAsync(string address, TextWriter console)
    {
        using var client = ControlPlaneClient.ForAddress(address);
        var orders = client.Journal("orders");

        // Append if nobody was faster: read, decide, and let the journal judge.
        var tail = (await orders.CheckTailAsync()).Tail;
        var answer = await orders.AppendAsync([Encoding.UTF8.GetBytes("third")], new AppendOptions { ExpectedTail = tail });
        await console.WriteLineAsync(answer.ResultCase == AppendResponse.ResultOneofCase.Ok ? $"at {answer.Ok.First}" : "somebody was faster");

        await foreach (var batch in orders.TailAsync(from: 1))
        {
            foreach (var entry in batch.Entries)
            {
                await console.WriteLineAsync($"{entry.Position} {entry.Payload.ToStringUtf8()}");
            }

            if (batch.Next > answer.Ok.First)
            {
                break;
            }
        }

        // Many at a time: over one stream, for a multiple of the throughput, in the order in which they are begun.
        await using var appender = orders.OpenAppender();
        var appended = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => appender.AppendAsync([Encoding.UTF8.GetBytes($"order {i}")])));
        await console.WriteLineAsync($"{appended.Length} more, {appended[0].Ok.Durability}");
    }
}
