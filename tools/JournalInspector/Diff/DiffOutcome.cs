using System.Text.Json.Serialization;

namespace ControlPlane.JournalInspector.Diff;

/// <summary>What a comparison comes to; worse is later.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DiffOutcome>))]
internal enum DiffOutcome
{
    /// <summary>The same entries wherever more than one has the position.</summary>
    Agree,

    /// <summary>They differ only where nothing, or one side only, was committed.</summary>
    TailsDiffer,

    /// <summary>They agree as far as they can be read, but something of one cannot.</summary>
    Unreadable,

    /// <summary>The journal's promise is broken: a committed position has two values.</summary>
    CommittedDiffer,
}
