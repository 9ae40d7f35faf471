namespace ControlPlane.WorkerManager;

/// <summary>The version of what the worker manager writes into its entries (<c>EntryHeader.ProducerVersion</c>).</summary>
public static class EntryFormat
{
    /// <summary>Raised whenever a kind or a field is added that an older program would misread.</summary>
    public const uint Version = 1;
}
