namespace ControlPlane.JournalInspector.Findings;

/// <summary>What a finding means for what the journal has promised.</summary>
internal enum Severity
{
    /// <summary>Worth knowing; nothing is damaged.</summary>
    Notice,

    /// <summary>Damage that loses nothing acknowledged: a torn tail, or something of which a whole copy exists.</summary>
    Harmless,

    /// <summary>Acknowledged data is damaged or missing, or may be.</summary>
    Loss,
}
