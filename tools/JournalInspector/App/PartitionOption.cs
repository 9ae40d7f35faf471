using System.CommandLine;

namespace ControlPlane.JournalInspector.App;

/// <summary>Of commands that rebuild a state.</summary>
internal static class PartitionOption
{
    public static Option<uint> Partition { get; } = new("--partition")
    {
        Description = "The partition whose journal it is; part of the names of leases and of snapshots.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };
}
