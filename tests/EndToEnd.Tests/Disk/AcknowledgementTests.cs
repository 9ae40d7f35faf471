using System.Text;
using ControlPlane.Client;
using ControlPlane.EndToEnd.Tests.Harness;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;

namespace ControlPlane.EndToEnd.Tests.Disk;

/// <summary>Nothing is acknowledged before it is synced: seen from outside, in the system calls of the real process.</summary>
public sealed class AcknowledgementTests(TestRun run) : IAsyncDisposable
{
    private const int JournalFault = 74;

    /// <summary>A request id of readable characters: it can be recognized in the entry that is written and in the answer that is sent.</summary>
    private const string Marker = "ack-after-sync-1";

    private readonly PlaneProcess _plane = new(run.NewDirectory("trace"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    [Fact]
    public async Task The_answer_is_sent_only_after_the_data_sync_of_its_entry_has_returned()
    {
        var file = Path.Combine(_plane.Root, "strace.txt");
        _plane.Under = [.. await StraceAsync(), "-D", "-f", "-s", "65536", "-o", file, "-e", "trace=pwrite64,fdatasync,sendmsg,sendto,write,writev"];
        await _plane.StartAsync();
        using var client = _plane.NewClient();
        await _plane.DeployAsync(client);
        await client.AllocateAsync(EchoFunction.Lease() with { RequestId = MarkedRequest }, Cancellation);
        Assert.Equal(0, await _plane.StopAsync());
        await Eventually.HoldsAsync(() => RunningProcesses.Naming(_plane.Root).Count == 0, () => "the tracer, which stands beside the process, ends with it");

        var calls = SystemCallTrace.Parse(await File.ReadAllLinesAsync(file, Cancellation)).Calls;
        var inEntry = Encoding.ASCII.GetString(JournalFiles.AsInEntries(Encoding.ASCII.GetBytes(Marker)));
        var write = calls.First(call => call.Name == "pwrite64" && call.Arguments.Contains(inEntry, StringComparison.Ordinal));
        var answer = calls.First(call => call.Name != "pwrite64" && call.Arguments.Contains(Marker, StringComparison.Ordinal));
        var sync = calls.First(call => call.Name == "fdatasync" && call.Descriptor == write.Descriptor && call.Begun > write.Ended);
        Assert.Equal(0, sync.Result);
        Assert.True(sync.Ended < answer.Begun, $"the answer began at line {answer.Begun} of {file}, the sync had returned at line {sync.Ended}");
    }

    [Fact]
    public async Task A_sync_that_fails_is_never_acknowledged_and_ends_the_process()
    {
        await _plane.StartAsync();
        using var client = _plane.NewClient();
        await _plane.DeployAsync(client);
        var held = await client.AllocateAsync(EchoFunction.Lease(), Cancellation);
        await using (var strace = CapturedProcess.Start(
            [.. await StraceAsync(), "-f", "-p", $"{_plane.Process.Id}", "-o", Path.Combine(_plane.Root, "strace.txt"), "-e", "inject=fdatasync:error=EIO"], _plane.Root))
        {
            await Eventually.HoldsAsync(() => strace.Said.Contains("attached", StringComparison.Ordinal), () => $"strace attaches; it said: {strace.Said}");
            using var impatient = new ControlPlaneClient(new ControlPlaneClientOptions { Addresses = [_plane.Address], Deadline = TimeSpan.FromSeconds(5) });
            var failure = await Assert.ThrowsAsync<ControlPlaneException>(
                () => impatient.RenewAsync(new RenewRequest.Types.Item { Lease = held.Reference }, Cancellation));
            Assert.Contains(failure.Outcome, (CallOutcome[])[CallOutcome.Unknown, CallOutcome.Unreachable]);
            Assert.True(await _plane.Process.ExitAsync() == JournalFault, $"expected {JournalFault}:\n{_plane.Said}");
        }

        await _plane.StartAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await held.InvokeAsync("still held"u8.ToArray(), cancellation: Cancellation);
                    return true;
                }
                catch (ControlPlaneException notYet) when (notYet.Reason == ErrorReason.LeaseEnded)
                {
                    // The worker has not heard of its grants again: it takes its time on a busy machine.
                    return false;
                }
            },
            () => "the lease is held still");
    }

    private static RequestId MarkedRequest
    {
        get
        {
            Assert.True(RequestId.TryRead(Encoding.ASCII.GetBytes(Marker), out var id));
            return id;
        }
    }

    private static async Task<IReadOnlyList<string>> StraceAsync()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, "strace")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, "strace is not on PATH");
        await using var trial = CapturedProcess.Start([path!, "-o", "/dev/null", "true"]);
        var result = await trial.ResultAsync();
        Assert.SkipUnless(result.ExitCode == 0, $"processes may not be traced here: {result.Error}");
        return [path!];
    }
}
