using System.Diagnostics;
using ControlPlane.Verification.Histories;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Tests.Linearizability;

/// <summary>Histories of other people's systems whose verdicts are known: see the README beside them.</summary>
public sealed class RecordedHistoriesTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Data", "linearizability");

    public static TheoryData<string, bool> Files
    {
        get
        {
            var files = new TheoryData<string, bool>();
            foreach (var (file, isLinearizable) in Expected())
            {
                files.Add(file, isLinearizable);
            }

            return files;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_recorded_history_gets_its_verdict(string file, bool isLinearizable)
    {
        var (verdict, sentence, _) = Decide(file);
        Assert.Equal((file, isLinearizable ? Verdict.Legal : Verdict.Illegal), (file, verdict));
        output.WriteLine(sentence);
    }

    /// <summary>Prints what the bar in the README is about; a busy machine must not fail it.</summary>
    [Fact]
    public void All_recorded_histories_together_take_little_time()
    {
        var watch = Stopwatch.StartNew();
        var decided = Expected().Select(expected => (Right: Decide(expected.File), expected.IsLinearizable)).ToList();
        watch.Stop();
        Assert.All(decided, file => Assert.Equal(file.IsLinearizable, file.Right.Verdict == Verdict.Legal));
        output.WriteLine($"{decided.Count} histories decided in {watch.Elapsed.TotalMilliseconds:0} ms, reading included; {decided.Sum(file => file.Right.Steps)} steps");
    }

    private static (Verdict Verdict, string Sentence, long Steps) Decide(string file)
    {
        var lines = File.ReadLines(Path.Combine(Folder, file));
        if (file.StartsWith("etcd", StringComparison.Ordinal))
        {
            var result = LinearizabilityCheck.Run(new RegisterModel(), JepsenRegisterLog.Parse(lines), SearchLimits.Default);
            return (result.Verdict, result.Sentence, result.Steps);
        }
        else
        {
            var result = LinearizabilityCheck.Run(new KeyValueModel(), KeyValueLog.Parse(lines), SearchLimits.Default);
            return (result.Verdict, result.Sentence, result.Steps);
        }
    }

    private static IEnumerable<(string File, bool IsLinearizable)> Expected() =>
        File.ReadLines(Path.Combine(Folder, "expected.csv")).Skip(1)
            .Select(line => line.Split(','))
            .Select(columns => (columns[0], bool.Parse(columns[1])));
}
