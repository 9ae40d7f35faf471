using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.Verification.Witness;

/// <summary>One committed entry of a journal, as far as a witness needs it.</summary>
/// <param name="Position">Where it is.</param>
/// <param name="Epoch">The reign that wrote it.</param>
/// <param name="PrefixHash">The hash of everything up to and including it: opaque bytes.</param>
/// <param name="Kind">What it is to the journal.</param>
/// <param name="Client">Who appended it, or none.</param>
/// <param name="Number">The client's number for the append, or zero.</param>
/// <param name="EndsAppend">True if it is the last of its append.</param>
/// <param name="Content">An identifier, or a hash, of its payload; made like <see cref="Models.JournalCall.Contents"/>.</param>
public readonly record struct WitnessEntry(
    SequenceNumber Position,
    Epoch Epoch,
    ReadOnlyMemory<byte> PrefixHash,
    EntryType Kind,
    ClientId Client,
    ClientSequence Number,
    bool EndsAppend,
    UInt128 Content);
