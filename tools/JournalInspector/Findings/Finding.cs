using System.Text.Json.Serialization;

namespace ControlPlane.JournalInspector.Findings;

/// <summary>One thing that is not as it should be: enough for a person to find the bytes. Paths are relative to the inspected directory.</summary>
internal sealed record Finding
{
    [JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
    public required Severity Severity { get; init; }

    /// <summary>One word for scripts: BadEntry, Hole, TornTail, DamagedSlot, DamagedSnapshot, StateDiverged, ...</summary>
    public required string Kind { get; init; }

    public required string Message { get; init; }

    public string? File { get; init; }

    public long? Offset { get; init; }

    /// <summary>The row of the recovery table that decides what a start makes of it.</summary>
    public string? Rule { get; init; }

    public ulong? ExpectedEntry { get; init; }

    public ulong? FoundEntry { get; init; }

    public string? StoredChecksum { get; init; }

    public string? ComputedChecksum { get; init; }

    public EntryPlace? LastGood { get; init; }

    public EntryPlace? NextGood { get; init; }

    /// <summary>First position that cannot be read.</summary>
    public ulong? LostFrom { get; init; }

    /// <summary>What a start makes of it, when snapshots are taken into account: "refuses", or why it does not mind.</summary>
    public string? Start { get; init; }

    /// <summary>One line for people.</summary>
    [JsonIgnore]
    public string Line => $"{Kind}{Place}: {Message}";

    /// <summary>" in FILE at byte N", as far as it is known.</summary>
    [JsonIgnore]
    public string Place => File is null ? "" : Offset is { } offset ? $" in {File} at byte {offset}" : $" in {File}";

    /// <summary>Behind the last position that cannot be read; null: unknown, up to the end of what is proven.</summary>
    public ulong? LostUntil { get; init; }
}
