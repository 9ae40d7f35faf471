namespace ControlPlane.Server.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">Which key, as it is written in a file: <c>Journals:0</c>.</param>
/// <param name="Source">Where its value comes from: a file, an environment variable, the command line, or "the default".</param>
/// <param name="Wrong">What is wrong, as a clause.</param>
/// <param name="Remedy">What to change, as an order.</param>
public sealed record ConfigurationProblem(string Key, string Source, string Wrong, string Remedy)
{
    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Key} ({Source}): {Wrong}. {Remedy}.";
}
