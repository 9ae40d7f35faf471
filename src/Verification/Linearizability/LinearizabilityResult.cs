using System.Globalization;

namespace ControlPlane.Verification.Linearizability;

/// <summary>The verdict over a history, and what it rests on.</summary>
/// <param name="Verdict">Illegal if one part is; unknown if none is and a search was bounded; else legal.</param>
/// <param name="Bound">What bounded the first search that was, if the verdict is unknown.</param>
/// <param name="BoundedPart">The part whose search that was.</param>
/// <param name="Steps">How often the model was asked, over all parts.</param>
/// <param name="Counterexample">Of the first illegal part, if there is one.</param>
public sealed record LinearizabilityResult<TCall>(
    Verdict Verdict, SearchBound Bound, string? BoundedPart, long Steps, Counterexample<TCall>? Counterexample)
{
    /// <summary>For people.</summary>
    public string Sentence => Verdict switch
    {
        Verdict.Legal => string.Create(CultureInfo.InvariantCulture, $"Linearizable; found in {Steps} steps."),
        Verdict.Illegal => $"Not linearizable: {Counterexample!.Sentence}.",
        _ => string.Create(CultureInfo.InvariantCulture, $"Undecided: {Limit}{Where}, after {Steps} steps in all."),
    };

    private string Where => string.IsNullOrEmpty(BoundedPart) ? "" : $" in {BoundedPart}";

    private string Limit => Bound switch
    {
        SearchBound.Steps => "the limit of steps was reached",
        SearchBound.Memo => "the limit of the memo was reached",
        SearchBound.Time => "the time was up",
        _ => "the search was cancelled",
    };

    /// <inheritdoc/>
    public override string ToString() => Sentence;
}
