using System.Diagnostics;
using ControlPlane.Client;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;
using HdrHistogram;

namespace ControlPlane.Cpctl;

/// <summary>Allocate, invoke, release, again and again, one after another; every answer is compared with what was sent.</summary>
internal sealed class SelfCheck(ControlPlaneClient client, string function)
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromMinutes(1);

    private readonly LongHistogram _allocate = NewHistogram();
    private readonly LongHistogram _invoke = NewHistogram();
    private readonly LongHistogram _release = NewHistogram();
    private int _wrongAnswers;

    /// <summary>Runs <paramref name="cycles"/> cycles; <paramref name="progress"/> hears of each.</summary>
    public async Task<SelfCheckView> RunAsync(int cycles, Action progress, CancellationToken cancellation)
    {
        // The first cycle starts a sandbox and opens the connections: it is no measure of the others.
        await CycleAsync(record: false, cancellation);
        var partition = await client.PartitionOfAsync(FunctionName.Create(function), cancellation);
        var before = await client.Operator.GetStatusAsync(partition, cancellation);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < cycles; i++)
        {
            await CycleAsync(record: true, cancellation);
            progress();
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        var after = await client.Operator.GetStatusAsync(partition, cancellation);
        return Summary(cycles, elapsed, before, after);
    }

    private async Task CycleAsync(bool record, CancellationToken cancellation)
    {
        var payload = Guid.NewGuid().ToByteArray();
        var text = System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(payload));
        var start = Stopwatch.GetTimestamp();
        var lease = await client.AllocateAsync(new Allocation(function) { MaxWait = TimeSpan.FromSeconds(30) }, cancellation);
        var allocated = Stopwatch.GetTimestamp();
        var answer = await lease.InvokeAsync(text, cancellation: cancellation);
        var invoked = Stopwatch.GetTimestamp();
        await lease.ReleaseAsync(cancellation);
        var released = Stopwatch.GetTimestamp();
        _wrongAnswers += answer.Payload.Span.TrimEnd((byte)'\n').SequenceEqual(text) ? 0 : 1;
        if (record)
        {
            Record(_allocate, start, allocated);
            Record(_invoke, allocated, invoked);
            Record(_release, invoked, released);
        }
    }

    private SelfCheckView Summary(int cycles, TimeSpan elapsed, GetStatusResponse before, GetStatusResponse after) => new(
        function,
        cycles,
        _wrongAnswers,
        (long)elapsed.TotalMilliseconds,
        [Step("allocate", _allocate), Step("invoke", _invoke), Step("release", _release)],
        after.EntriesAppended - before.EntriesAppended,
        after.BytesAppended - before.BytesAppended,
        after.Flushes - before.Flushes);

    private static SelfCheckView.Step Step(string name, LongHistogram histogram) =>
        new(name, histogram.GetValueAtPercentile(50), histogram.GetValueAtPercentile(99), histogram.GetMaxValue());

    private static void Record(LongHistogram histogram, long from, long to) =>
        histogram.RecordValue(Math.Clamp((long)Stopwatch.GetElapsedTime(from, to).TotalMicroseconds, 1, (long)LongestStep.TotalMicroseconds));

    private static LongHistogram NewHistogram() => new((long)LongestStep.TotalMicroseconds, 3);
}
