namespace ControlPlane.Chaos.Recording;

/// <summary>The files of one run (FORMAT.md).</summary>
internal sealed record RunDirectory(string Path)
{
    public string Scenario => In("scenario.json");

    public string History => In("history.jsonl");

    public string Events => In("events.jsonl");

    public string Verdict => In("verdict.json");

    public string Summary => In("summary.md");

    public string Report => In("report.html");

    /// <summary>What the processes of the run were started with and wrote: configurations, data, functions.</summary>
    public string Cluster => In("cluster");

    public string Logs => In("logs");

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
