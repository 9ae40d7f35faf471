using ControlPlane.Journal.Snapshots;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Reading;

/// <summary>One snapshot file. The header is null if it is damaged.</summary>
internal sealed record SnapshotFile(SequenceNumber Position, string File, SnapshotHeader? Header, long PayloadBytes);

/// <summary>The snapshots of a replica, every byte verified.</summary>
internal sealed record SnapshotSurvey(IReadOnlyList<SnapshotFile> Files, IReadOnlyList<Finding> Findings)
{
    private const int PieceBytes = 1 << 20;

    /// <summary>The newest whole one.</summary>
    public SnapshotHeader? Newest => Files.Select(file => file.Header).FirstOrDefault(header => header is not null);

    /// <summary>Reads all snapshots, newest first.</summary>
    public static SnapshotSurvey Of(JournalDirectory journal)
    {
        var directory = journal.Replica.Snapshots;
        var files = new List<SnapshotFile>();
        var findings = new List<Finding>();
        foreach (var position in journal.Disk.DirectoryExists(journal.Replica.Paths.Snapshots) ? directory.List() : [])
        {
            var file = journal.Relative(Path.Combine(journal.Replica.Paths.Snapshots, position.ToString()));
            try
            {
                using var reader = directory.Open(position);
                ReadAll(reader);
                files.Add(new SnapshotFile(position, file, reader.Header, reader.PayloadBytes));
            }
            catch (SnapshotDamagedException damaged)
            {
                files.Add(new SnapshotFile(position, file, null, 0));
                findings.Add(new Finding
                {
                    Severity = Severity.Harmless,
                    Kind = "DamagedSnapshot",
                    File = file,
                    Message = $"{journal.Shorten(damaged.Message)} A start uses the next older one.",
                });
            }
        }

        return new SnapshotSurvey(files, findings);
    }

    private static void ReadAll(SnapshotReader reader)
    {
        var piece = new byte[PieceBytes];
        while (reader.Read(piece) > 0)
        {
        }
    }
}
