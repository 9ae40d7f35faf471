using ControlPlane.CrashExplorer.Exploring;
using ControlPlane.CrashExplorer.Judging;

var options = new ExplorationOptions { Depth = args.Contains("full") ? Depth.Full : Depth.Quick };
foreach (var w in ControlPlane.CrashExplorer.Workloads.WorkloadList.All)
{
    if (args.Length > 1 && args[1] != w.Name)
    {
        continue;
    }

    var r = new Explorer(options with { Workloads = [w] }).Run();
    Console.WriteLine($"{w.Name}: {r.Images} images, {r.Distinct} distinct, {r.Took.TotalSeconds:f1} s; rec {r.Of(Outcome.Recovered)} rep {r.Of(Outcome.Repaired)} ref {r.Of(Outcome.Refused)} und {r.Of(Outcome.Undecidable)} unp {r.Of(Outcome.Unproven)} vio {r.Of(Outcome.Violation)}");
    foreach (var v in r.Violations.GroupBy(v => (v.Kind, v.Policy, v.Why.Length > 60 ? v.Why[..60] : v.Why)).Take(8))
    {
        Console.WriteLine($"   {v.Count()}x {v.Key.Kind}: {v.First().Sentence}");
    }
}
