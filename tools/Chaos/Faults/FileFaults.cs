using ControlPlane.Client;
using ControlPlane.Protocol.V1;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Faults;

/// <summary>What happens to a node's files while it is down; on return it is repaired, or replaced.</summary>
internal sealed class FileFaults(FaultGround ground) : IFaultFamily
{
    private const int WordBytes = 16;
    private static readonly TimeSpan RepairPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(300);

    public IEnumerable<(FaultKind Kind, Func<Strike, Task> StrikeAsync)> Ways =>
    [
        (FaultKind.DiskBitrot, strike => DamageAsync(strike, FlipBits)),
        (FaultKind.DiskMisdirect, strike => DamageAsync(strike, Misdirect)),
        (FaultKind.DiskSwap, strike => DamageAsync(strike, Swap)),
        (FaultKind.DiskStaleImage, GoBackAsync),
        (FaultKind.DiskWipe, WipeAsync),
    ];

    private async Task DamageAsync(Strike strike, Action<Strike, string, long> damage)
    {
        await strike.Target.KillAsync();
        var journals = ground.Cluster.Journals.ToList();
        var files = JournalFiles.Written(JournalFiles.ReplicaOf(strike.Node.Place.Data, journals[strike.Draw(journals.Count)]));
        if (files.Count > 0)
        {
            var (path, written) = files[strike.Draw(files.Count)];
            damage(strike, path, written);
        }
        else
        {
            strike.Notes.Add("there was nothing to damage");
        }

        await RepairAsync(strike);
    }

    private static void FlipBits(Strike strike, string path, long written)
    {
        for (var i = 0; i < (strike.Fault.Count ?? 1); i++)
        {
            var offset = strike.Draw((int)written);
            JournalFiles.FlipBit(path, offset, strike.Draw(8));
            strike.Notes.Add($"a bit of byte {offset} of {Path.GetFileName(path)}");
        }
    }

    private static void Misdirect(Strike strike, string path, long written)
    {
        var to = strike.Draw((int)written);
        JournalFiles.CopySector(path, from: 0, to);
        strike.Notes.Add($"the first sector over that at byte {to} of {Path.GetFileName(path)}");
    }

    private static void Swap(Strike strike, string path, long written)
    {
        var offset = strike.Draw((int)Math.Max(1, written - WordBytes));
        JournalFiles.SwapWords(path, offset);
        strike.Notes.Add($"two words at byte {offset} of {Path.GetFileName(path)}");
    }

    private async Task GoBackAsync(Strike strike)
    {
        var replica = JournalFiles.ReplicaOf(strike.Node.Place.Data, ground.Cluster.Journals.First());
        var copy = Path.Combine(Path.GetDirectoryName(strike.Node.Place.Data)!, "older");
        JournalFiles.CopySegments(replica, copy);
        await strike.LastAsync();
        await strike.Target.KillAsync();
        JournalFiles.RestoreSegments(copy, replica);
        Directory.Delete(copy, recursive: true);
        await RepairAsync(strike);
    }

    private async Task RepairAsync(Strike strike)
    {
        await strike.LastAsync();
        strike.Target.Start();
        if (await ground.Cluster.SettleAsync(RepairPatience, exactly: false, strike.Over) is { } lacking)
        {
            strike.Notes.Add($"not repaired after {RepairPatience.TotalSeconds} s: {lacking}");
        }
    }

    private async Task WipeAsync(Strike strike)
    {
        await strike.Target.KillAsync();
        Directory.Delete(strike.Node.Place.Data, recursive: true);
        await strike.LastAsync();
        strike.Target.Start();

        // A node without its disk is not healed by time: it must be replaced even if the time for faults is over.
        using var client = ground.Cluster.NewClient("operator", TimeSpan.FromSeconds(10));
        foreach (var journal in ground.Cluster.Journals)
        {
            strike.Notes.Add(await ReplaceAsync(client, journal));
        }
    }

    private static async Task<string> ReplaceAsync(ControlPlaneClient client, string journal)
    {
        var until = Environment.TickCount64 + (long)RepairPatience.TotalMilliseconds;
        var last = "";
        while (Environment.TickCount64 < until)
        {
            try
            {
                await foreach (var progress in client.Operator.ReplaceReplicaAsync(new ReplaceReplicaRequest { Journal = journal }))
                {
                    last = progress.Stage.ToString();
                }

                return $"{journal} replaced";
            }
            catch (ControlPlaneException failure)
            {
                // Not seen as a spare yet, or the leader changed: the same call goes on where it was.
                last = failure.Message;
                await Task.Delay(RetryInterval);
            }
        }

        return $"{journal} not replaced: {last}";
    }
}
