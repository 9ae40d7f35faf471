using System.CommandLine;
using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.Diff;
using ControlPlane.JournalInspector.Dump;
using ControlPlane.JournalInspector.Hash;
using ControlPlane.JournalInspector.Info;
using ControlPlane.JournalInspector.Salvage;
using ControlPlane.JournalInspector.State;
using ControlPlane.JournalInspector.Stats;
using ControlPlane.JournalInspector.Tail;
using ControlPlane.JournalInspector.Trace;
using ControlPlane.JournalInspector.Verify;
using ControlPlane.JournalInspector.WhatIf;

namespace ControlPlane.JournalInspector.App;

/// <summary>The tree of commands.</summary>
internal static class InspectorRoot
{
    public const string Name = "journal-inspector";

    public static IReadOnlyList<string> Examples { get; } =
    [
        "journal-inspector info DIR                       what is there, and is it whole",
        "journal-inspector verify DIR --deep              every checksum, the chain, and a replay",
        "journal-inspector trace DIR --request 1f0c...    the life of a lease",
        "journal-inspector dump DIR --format jsonl | jq   every entry, decoded",
        "journal-inspector tail -f DIR                    new entries as they become durable",
        "journal-inspector diff DIR1 DIR2 DIR3            do the replicas hold the same",
        "journal-inspector salvage DIR --to NEWDIR        what is left of a damaged journal",
    ];

    public static RootCommand Build(Terminal terminal, IDisk disk)
    {
        var root = new RootCommand(
            "Looks into a journal's directory: what is in it, whether it is whole, and what happened. Never writes and takes no lock, so it works beside a running writer; decodes all it can of a damaged journal.");
        root.Add(GlobalOptions.Json);
        root.Add(InfoCommand.Build(terminal, disk));
        root.Add(DumpCommand.Build(terminal, disk));
        root.Add(TailCommand.Build(terminal, disk));
        root.Add(VerifyCommand.Build(terminal, disk));
        root.Add(DiffCommand.Build(terminal, disk));
        root.Add(StateCommand.Build(terminal, disk));
        root.Add(HashCommand.Build(terminal, disk));
        root.Add(TraceCommand.Build(terminal, disk));
        root.Add(StatsCommand.Build(terminal, disk));
        root.Add(WhatIfCommand.Build(terminal, disk));
        root.Add(SalvageCommand.Build(terminal, disk));
        HelpWithExamples.InstallOn(root);
        return root;
    }
}
