namespace ControlPlane.WorkerManager.Outcomes;

/// <summary>A refusal as a value: nothing was applied.</summary>
/// <param name="Reason">From the bounded list.</param>
/// <param name="Message">For people.</param>
/// <param name="Metadata">The figures that the reason names.</param>
public sealed record Rejection(RejectionReason Reason, string Message, IReadOnlyList<KeyValuePair<string, string>> Metadata)
{
    /// <summary>A refusal without figures.</summary>
    public Rejection(RejectionReason reason, string message)
        : this(reason, message, [])
    {
    }

    /// <summary>The figure named <paramref name="key"/>, or null.</summary>
    public string? this[string key]
    {
        get
        {
            foreach (var (name, value) in Metadata)
            {
                if (name == key)
                {
                    return value;
                }
            }

            return null;
        }
    }
}
