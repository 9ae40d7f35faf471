namespace ControlPlane.Verification.Checks;

/// <summary>Something that must never happen, and did.</summary>
/// <param name="Check">Name of the check that found it.</param>
/// <param name="Sentence">What happened, with ids and times.</param>
public sealed record Violation(string Check, string Sentence)
{
    /// <summary>For people.</summary>
    public override string ToString() => $"{Check}: {Sentence}";
}
