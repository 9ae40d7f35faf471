using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Recording;

namespace ControlPlane.Chaos.Reports;

/// <summary>placeholder</summary>
internal static class HtmlReport
{
    public static Task WriteAsync(RunDirectory directory, RunVerdict verdict, CancellationToken cancellation) =>
        File.WriteAllTextAsync(directory.Report, verdict.OneLine, cancellation);
}
