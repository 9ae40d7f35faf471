namespace ControlPlane.Simulation.Checks;

/// <summary>Something happened that must never happen: the run ends here.</summary>
internal sealed class ViolationException(string check, string sentence) : Exception($"{check}: {sentence}")
{
    public string Check { get; } = check;

    public string Sentence { get; } = sentence;
}
