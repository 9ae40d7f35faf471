using ControlPlane.Primitives;

namespace ControlPlane.WorkerManager;

/// <summary>The record of the partition itself: who leads, and by which rules.</summary>
internal sealed class PartitionHeader : IStateRecord
{
    public Epoch Epoch { get; set; }

    public string Node { get; set; } = "";

    public bool SettingsJournaled { get; set; }

    public Settings Settings { get; set; } = Settings.Default;

    public RecordKind Kind => RecordKind.Partition;

    public void Write(CanonicalWriter writer)
    {
        writer.UInt64(Epoch.Value);
        writer.Text(Node);
        writer.Bool(SettingsJournaled);
        writer.Duration(Settings.RequestRetention);
        writer.UInt32(Settings.EndedRequestsMax);
        writer.UInt32(Settings.DriftPermille);
        writer.UInt32(Settings.DefaultTenantLeaseLimit);
        writer.UInt32(Settings.PartitionLeaseLimit);
    }

    public void Read(ref CanonicalReader reader)
    {
        Epoch = new(reader.UInt64());
        Node = reader.Text();
        SettingsJournaled = reader.Bool();
        Settings = new Settings(reader.Duration(), reader.UInt32(), reader.UInt32(), reader.UInt32(), reader.UInt32());
    }
}
