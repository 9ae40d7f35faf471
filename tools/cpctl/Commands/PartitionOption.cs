using System.CommandLine;
using ControlPlane.Primitives;

namespace ControlPlane.Cpctl;

/// <summary><c>--partition</c>, of commands that ask one partition.</summary>
internal static class PartitionOption
{
    public static Option<uint> Create() => new("--partition") { Description = "Which partition (`cpctl partition list`).", HelpName = "N" };

    /// <summary>What was asked for; the first if nothing was.</summary>
    public static PartitionId PartitionOf(this CommandContext context, Option<uint> option) => new(context.Get(option));
}
