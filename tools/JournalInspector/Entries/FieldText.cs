using System.Collections;
using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ControlPlane.JournalInspector.Entries;

/// <summary>
/// An entry's fields in one line, in the order of the contract: <c>name=value</c>, values that are not set left out, the two
/// halves of a 128-bit value joined. Made from the message's descriptor, so that a new field shows without a change here.
/// </summary>
internal static class FieldText
{
    private const string High = "_high";
    private const string Low = "_low";

    public static string Of(Entry entry) =>
        Entry.Descriptor.Oneofs[0].Accessor.GetCaseFieldDescriptor(entry) is { } kind
            ? Of((IMessage)kind.Accessor.GetValue(entry))
            : "";

    private static string Of(IMessage message)
    {
        var parts = new List<string>();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.Name.EndsWith(High, StringComparison.Ordinal))
            {
                parts.Add(Joined(message, field));
            }
            else if (!field.Name.EndsWith(Low, StringComparison.Ordinal) && TextOf(field, field.Accessor.GetValue(message)) is { Length: > 0 } text)
            {
                parts.Add($"{field.Name}={text}");
            }
        }

        return string.Join(' ', parts);
    }

    private static string Joined(IMessage message, FieldDescriptor high)
    {
        var name = high.Name[..^High.Length];
        var low = message.Descriptor.FindFieldByName(name + Low);
        var value = new UInt128((ulong)high.Accessor.GetValue(message), (ulong)low.Accessor.GetValue(message));
        return $"{name}={Identifier128.Format(value)}";
    }

    /// <summary>Empty for a value that is not set.</summary>
    private static string TextOf(FieldDescriptor field, object value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "",
        IList list => list.Count == 0 ? "" : $"[{string.Join(", ", list.Cast<object>().Select(ItemText))}]",
        IMessage nested => Of(nested),
        Enum word => Convert.ToInt32(word, CultureInfo.InvariantCulture) == 0 ? "" : field.EnumType.FindValueByNumber(Convert.ToInt32(word, CultureInfo.InvariantCulture))?.Name ?? word.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture) is var digits && digits != "0" ? digits : "",
        _ => "",
    };

    private static string ItemText(object item) => item is IMessage nested
        ? Of(nested)
        : string.Create(CultureInfo.InvariantCulture, $"{item}");
}
