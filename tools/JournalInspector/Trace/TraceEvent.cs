using ControlPlane.JournalInspector.Entries;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Trace;

/// <summary>An entry in the life of a lease or a sandbox.</summary>
internal sealed record TraceEvent(SequenceNumber Position, Epoch Epoch, JournalTime Time, DecodedEntry Entry);
