using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.JournalInspector.Entries;

/// <summary>The words for kinds of entries: the contract's field names, and two that belong to the journal.</summary>
internal static class EntryKinds
{
    /// <summary>The journal's own: raises the fence.</summary>
    public const string Fence = "fence";

    /// <summary>Bytes that are not one of the worker manager's entries.</summary>
    public const string Opaque = "opaque";

    /// <summary>All words, in the contract's order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Entry.Descriptor.Oneofs[0].Fields.OrderBy(field => field.FieldNumber).Select(field => field.Name), Fence, Opaque];

    public static string Of(Entry entry) => Entry.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(entry)?.Name ?? Opaque;
}
