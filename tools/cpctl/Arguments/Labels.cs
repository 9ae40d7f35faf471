namespace ControlPlane.Cpctl;

/// <summary>Labels and environment variables as people write them: <c>name=value,name=value</c>.</summary>
internal static class Labels
{
    public static bool TryParse(string text, out Dictionary<string, string> labels)
    {
        labels = [];
        foreach (var pair in text.Split(','))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !labels.TryAdd(pair[..equals], pair[(equals + 1)..]))
            {
                return false;
            }
        }

        return true;
    }
}
