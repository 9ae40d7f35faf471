using System.Globalization;

namespace ControlPlane.Worker.Processes;

/// <summary>How a process ended, as <c>waitpid</c> encodes it.</summary>
internal readonly record struct ExitStatus(int Raw)
{
    private int Signal => Raw & 0x7f;

    /// <summary>"exited with code 1" or "killed by signal 9".</summary>
    public override string ToString() => Signal == 0
        ? string.Create(CultureInfo.InvariantCulture, $"exited with code {(Raw >> 8) & 0xff}")
        : string.Create(CultureInfo.InvariantCulture, $"killed by signal {Signal}");
}
