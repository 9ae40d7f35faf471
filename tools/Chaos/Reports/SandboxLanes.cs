using System.Globalization;
using ControlPlane.Chaos.Checks;
using ControlPlane.Chaos.Recording;
using ControlPlane.Verification.Histories;

namespace ControlPlane.Chaos.Reports;

/// <summary>A lane for each sandbox: who held it, by which lease and token, as the holders know it. Those that a violation names come first.</summary>
internal sealed class SandboxLanes(RunRecord run, TimeScale scale, IReadOnlyList<Finding> violations)
{
    private const int LanesMax = 48;
    private const int Tenants = 6;
    private const double Height = 11;
    private const double Narrow = 0.9;

    public double Draw(Svg svg, double top)
    {
        var lives = Lives().GroupBy(life => life.Lease.Sandbox).ToList();
        var named = lives.Where(sandbox => violations.Any(violation => Names(violation, sandbox.Key))).Select(sandbox => sandbox.Key).ToHashSet();
        svg.Text(TimeScale.Left - 8, top + 10, "sandboxes", "label end");
        top += 16;
        foreach (var sandbox in lives.OrderBy(sandbox => !named.Contains(sandbox.Key)).ThenBy(sandbox => sandbox.Key.Length).ThenBy(sandbox => sandbox.Key, StringComparer.Ordinal).Take(LanesMax))
        {
            svg.Rectangle(TimeScale.Left, top, TimeScale.Right - TimeScale.Left, Height - 2, named.Contains(sandbox.Key) ? "free named" : "free");
            svg.Text(TimeScale.Left - 8, top + 8, sandbox.Key, "small end");
            DrawLane(svg, top, [.. sandbox.OrderBy(life => life.From)], named.Contains(sandbox.Key));
            top += Height;
        }

        if (lives.Count > LanesMax)
        {
            svg.Text(TimeScale.Left, top + 10, FormattableString.Invariant($"and {lives.Count - LanesMax} more"), "small");
            top += 14;
        }

        return top + 8;
    }

    /// <summary>Leases that are too short to be seen one by one are one bar; in a lane that a violation names, neighbours lie in two rows, so that an overlap is seen.</summary>
    private void DrawLane(Svg svg, double top, IReadOnlyList<Life> lives, bool isNamed)
    {
        for (var i = 0; i < lives.Count;)
        {
            var (first, last) = (i, i);
            while (!isNamed && last + 1 < lives.Count && scale.X(lives[last].To) - scale.X(lives[last].From) < Narrow && scale.X(lives[last + 1].From) - scale.X(lives[last].To) < Narrow && scale.X(lives[last + 1].To) - scale.X(lives[first].From) < 6)
            {
                last++;
            }

            var (from, to) = (scale.X(lives[first].From), scale.X(lives[last].To));
            var title = first == last
                ? $"{lives[first].Lease.Lease} of client {lives[first].Client} ({lives[first].Tenant}), token {lives[first].Lease.Token}\n{TimeScale.Show(lives[first].From)} to {TimeScale.Show(lives[first].To)}"
                : FormattableString.Invariant($"{last - first + 1} leases, {lives[first].Lease.Lease} with token {lives[first].Lease.Token} to {lives[last].Lease.Lease} with {lives[last].Lease.Token}");
            svg.Rectangle(from, isNamed ? top + (i % 2 * (Height - 2) / 2) : top, to - from, isNamed ? (Height - 2) / 2 : Height - 2, $"held t{TenantOf(lives[first].Tenant)}{(isNamed ? " named" : "")}", title, isFocusable: isNamed);
            i = last + 1;
        }
    }

    /// <summary>From the answer that granted it to the end of its release; unreleased ones last as long as the run, or their time to live.</summary>
    private IEnumerable<Life> Lives()
    {
        var releases = run.Operations.Where(call => call.Kind == OperationKind.Release && call.Outcome is OperationOutcome.Ok or OperationOutcome.Denied).ToLookup(call => call.Lease!, call => call.To);
        foreach (var call in run.Operations.Where(call => call is { Kind: OperationKind.Allocate, Leases: not null }))
        {
            foreach (var lease in call.Leases!)
            {
                var end = releases[lease.Lease].DefaultIfEmpty(Math.Min(scale.End, call.From + (lease.TtlMs * 1_000))).First();
                yield return new Life(lease, call.Client, call.Tenant ?? "", call.To, Math.Max(call.To, end));
            }
        }
    }

    private static bool Names(Finding violation, string sandbox) =>
        System.Text.RegularExpressions.Regex.IsMatch(violation.Sentence, $@"\b{System.Text.RegularExpressions.Regex.Escape(sandbox)}\b");

    private static int TenantOf(string tenant)
    {
        var digits = tenant.AsSpan(tenant.LastIndexOf('-') + 1);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number % Tenants : 0;
    }

    private sealed record Life(LeaseRecord Lease, int Client, string Tenant, long From, long To);
}
