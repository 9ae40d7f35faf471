using Google.Protobuf.Collections;

namespace ControlPlane.Server.Validation;

/// <summary>Labels of workers and of selectors.</summary>
internal static class LabelChecks
{
    /// <summary>Longest name of a label, in characters.</summary>
    public const int NameLengthMax = 64;

    /// <summary>Longest value of a label, in characters.</summary>
    public const int ValueLengthMax = 128;

    /// <summary>The labels in ordinal order of their names, so that equal sets are equal lists.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Labels(this FieldChecks checks, string field, MapField<string, string> labels, int max)
    {
        if (labels.Count == 0 || !checks.Count(field, labels.Count, 0, max))
        {
            return [];
        }

        foreach (var (name, value) in labels)
        {
            checks.Require(name.Length is > 0 and <= NameLengthMax && !name.Any(char.IsControl), field, $"the label name '{name}' is empty, longer than {NameLengthMax} or has control characters");
            checks.Require(value.Length <= ValueLengthMax && !value.Any(char.IsControl), field, $"the value of '{name}' is longer than {ValueLengthMax} or has control characters");
        }

        return [.. labels.OrderBy(label => label.Key, StringComparer.Ordinal)];
    }
}
