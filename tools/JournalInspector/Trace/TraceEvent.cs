using ControlPlane.JournalInspector.Entries;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Trace;

/// <summary>An entry in the life of a lease or a sandbox.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Epoch">In whose reign.</param>
/// <param name="Time">When.</param>
/// <param name="Entry">What it says.</param>
/// <param name="Ends">The leases, of those that are traced, that end with it.</param>
internal sealed record TraceEvent(SequenceNumber Position, Epoch Epoch, JournalTime Time, DecodedEntry Entry, IReadOnlyList<ulong> Ends);
