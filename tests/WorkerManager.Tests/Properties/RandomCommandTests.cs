using CsCheck;

namespace ControlPlane.WorkerManager.Tests.Properties;

/// <summary>
/// Random callers, operators, workers and failovers. The scenario checks after every step that replay, recomputation and
/// snapshots agree and that no sandbox has two leases; here the promises over a whole run are checked.
/// </summary>
public class RandomCommandTests
{
    private static readonly Gen<(int Action, int Pick, int Size)[]> Runs =
        Gen.Select(Gen.Int[0, 21], Gen.Int[0, 1_000], Gen.Int[0, 9]).Array[20, 150];

    [Fact]
    public void Whatever_happens_no_promise_is_broken() =>
        Runs.Sample(
            run =>
            {
                var play = new RandomPlay();
                foreach (var (action, pick, size) in run)
                {
                    play.Act(action, pick, size);
                }

                play.CheckTokens();
                return true;
            },
            iter: 120,
            threads: 1);
}
