using System.Globalization;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>What the self-check measured; times in microseconds.</summary>
internal sealed record SelfCheckView(
    string Function, int Cycles, int WrongAnswers, long DurationMs, IReadOnlyList<SelfCheckView.Step> Steps, ulong EntriesJournaled, ulong BytesJournaled, ulong Flushes) : View
{
    internal sealed record Step(string Name, long P50Us, long P99Us, long MaxUs);

    /// <summary>Every function answered what it was sent.</summary>
    public bool Passed => WrongAnswers == 0;

    public override IRenderable Render() => Layout.Stack(
        Layout.Table(
            ["STEP", "P50", "P99", "MAX"],
            Steps.Select(step => new[] { step.Name, Milliseconds(step.P50Us), Milliseconds(step.P99Us), Milliseconds(step.MaxUs) }),
            ""),
        Layout.Properties(
            ("cycles", string.Create(CultureInfo.InvariantCulture, $"{Cycles} of {Function} in {Duration.FromMilliseconds(DurationMs)}")),
            ("wrong answers", WrongAnswers.ToString(CultureInfo.InvariantCulture)),
            ("journaled", string.Create(CultureInfo.InvariantCulture, $"{EntriesJournaled} entries, {BytesJournaled} bytes, {Flushes} flushes"))));

    private static string Milliseconds(long microseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000.0:0.00} ms");
}
