namespace ControlPlane.Scenarios;

/// <summary>One thing that is wrong with a scenario file.</summary>
/// <param name="Line">Where, counted from 1.</param>
/// <param name="Field">Which field, for instance <c>faults[2].for</c>; empty for the whole file.</param>
/// <param name="Sentence">What is wrong, and what would be right.</param>
public sealed record ScenarioProblem(int Line, string Field, string Sentence)
{
    /// <summary>For people.</summary>
    public override string ToString() => Field.Length == 0 ? $"line {Line}: {Sentence}" : $"line {Line}: {Field}: {Sentence}";
}

/// <summary>A scenario file cannot be used; every problem that was found is named.</summary>
public sealed class ScenarioException(IReadOnlyList<ScenarioProblem> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>All of them, in order of their lines.</summary>
    public IReadOnlyList<ScenarioProblem> Problems { get; } = problems;
}

/// <summary>Gathers problems, so that a person sees all at once.</summary>
internal sealed class ProblemList
{
    private readonly List<ScenarioProblem> _all = [];

    public IReadOnlyList<ScenarioProblem> All => [.. _all.OrderBy(problem => problem.Line)];

    public void Add(int line, string field, string sentence) => _all.Add(new ScenarioProblem(line, field, sentence));

    public void ThrowIfAny()
    {
        if (_all.Count > 0)
        {
            throw new ScenarioException(All);
        }
    }
}
