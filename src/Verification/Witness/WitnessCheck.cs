using ControlPlane.Verification.Checks;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Witness;

/// <summary>
/// Judges a journal's history by the journal itself: the committed entries are the order that explains every answer, if there is one.
/// So that a wrong journal cannot be its own witness, it is held against what clients were told and against every replica's bytes.
/// </summary>
public static class WitnessCheck
{
    /// <summary>How many violations each check reports: after that many another one teaches nothing.</summary>
    public const int ViolationsMax = 100;

    /// <summary>
    /// Everything that is wrong; empty if the journal explains the history. In time linear in entries and operations; on any thread.
    /// </summary>
    /// <param name="journal">The committed entries, read after the last operation was over.</param>
    /// <param name="operations">What clients did: all of it, as far as the clients named here are concerned. In any order; times of one clock.</param>
    /// <param name="replicas">The same journal as each replica holds it; the one that is the witness among them, so that the others are held against it. Empty if there is one only.</param>
    /// <param name="hasher">What the entries' hashes are computed anew with; null to compare them between replicas only.</param>
    public static IReadOnlyList<Violation> Run(
        WitnessJournal journal,
        IReadOnlyList<Operation<JournalCall>> operations,
        IReadOnlyList<ReplicaEntries> replicas,
        PrefixHasher? hasher = null) =>
    [
        .. JournalShapeCheck.Run(journal, hasher).Take(ViolationsMax),
        .. AcknowledgedAppendCheck.Run(journal, operations).Take(ViolationsMax),
        .. RealTimeOrderCheck.Run(journal, operations).Take(ViolationsMax),
        .. PrefixAgreementCheck.Run(replicas).Take(ViolationsMax),
    ];
}
