namespace ControlPlane.Server.Configuration;

/// <summary>The node was not started, because its configuration is wrong; every problem is listed, not only the first. Ends the process with <see cref="ExitCode.Configuration"/>.</summary>
public sealed class ConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
    : Exception("The configuration cannot be used:" + string.Concat(problems.Select(problem => $"\n  - {problem}")))
{
    /// <summary>What is wrong; at least one.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;
}
