using ControlPlane.Journal.Segments;
using ControlPlane.JournalInspector.Entries;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Reading;
using ControlPlane.JournalInspector.State;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager;

namespace ControlPlane.JournalInspector.Verify;

/// <summary>
/// Replays the worker manager beside the scan: every journaled state hash is compared by the state machine itself, every
/// snapshot with the replayed state at its position. Where entries are missing the replay takes up again at the next snapshot.
/// </summary>
internal sealed class DeepVerification(uint partition)
{
    private readonly Dictionary<SequenceNumber, SnapshotFile> _snapshots = [];
    private readonly List<Finding> _findings = [];
    private JournalDirectory? _journal;
    private ReplayBeside? _beside;
    private bool _gaveUp;

    public IReadOnlyList<Finding> Findings => _findings;

    public int HashesChecked { get; private set; }

    public int SnapshotsReplayed { get; private set; }

    public SequenceNumber VerifiedUpTo { get; private set; }

    /// <summary>Restores each whole snapshot once.</summary>
    public void Begin(JournalDirectory journal, SnapshotSurvey snapshots)
    {
        _journal = journal;
        _beside = new ReplayBeside(journal, partition);
        foreach (var file in snapshots.Files.Where(file => file.Header is not null))
        {
            if (Attempt(file.File, () => RestoreAndRecompute(file)))
            {
                _snapshots.Add(file.Position, file);
                _beside.Offer(file.Position);
            }
        }
    }

    /// <summary>The next entry that the scan has verified.</summary>
    public void See(in ScannedEntry entry)
    {
        var header = entry.Header;
        if (_gaveUp || !_beside!.TakeUp(header.Sequence))
        {
            return;
        }

        var payload = entry.Payload.ToArray();
        if (!Attempt(_journal!.Relative(entry.File), () => _beside.Replay!.Apply(header, payload), entry.Offset))
        {
            _beside.Drop();
            return;
        }

        VerifiedUpTo = header.Sequence;
        HashesChecked += DecodedEntry.Of(header, payload).Entry?.StateHashed is null ? 0 : 1;
        if (_snapshots.TryGetValue(header.Sequence, out var snapshot))
        {
            Compare(snapshot);
        }
    }

    private void RestoreAndRecompute(SnapshotFile file)
    {
        var core = _beside!.Restore(file.Position).Core;
        if (core.RecomputeHash() != core.Hash)
        {
            throw new StateDivergedException(file.Position, core.Hash, core.RecomputeHash());
        }
    }

    private void Compare(SnapshotFile snapshot)
    {
        var stored = new StateHash(snapshot.Header!.Value.StateHash);
        if (stored == _beside!.Replay!.Core.Hash)
        {
            SnapshotsReplayed++;
            return;
        }

        Add(Severity.Loss, "StateDiverged", $"the snapshot at {snapshot.Position} says state hash {stored}, a replay of the entries gives {_beside.Replay.Core.Hash}", snapshot.File, null);
    }

    /// <summary>False, with a finding, if the state machine refuses.</summary>
    private bool Attempt(string file, Action step, long? offset = null)
    {
        try
        {
            step();
            return true;
        }
        catch (Exception newer) when (ReplayFailure.IsForeign(newer))
        {
            _gaveUp = true;
            Add(Severity.Notice, "NotReplayable", $"the state cannot be replayed further: {newer.Message}", file, offset);
            return false;
        }
        catch (Exception wrong) when (ReplayFailure.IsContradiction(wrong))
        {
            Add(Severity.Loss, wrong is StateDivergedException ? "StateDiverged" : "StateContradiction", wrong.Message, file, offset);
            return false;
        }
    }

    private void Add(Severity severity, string kind, string message, string file, long? offset) =>
        _findings.Add(new Finding { Severity = severity, Kind = kind, Message = message, File = file, Offset = offset });
}
