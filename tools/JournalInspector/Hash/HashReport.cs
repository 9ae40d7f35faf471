using System.Globalization;
using ControlPlane.JournalInspector.Findings;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Hash;

/// <summary>What <c>hash</c> says.</summary>
internal sealed record HashReport : View
{
    public required string Journal { get; init; }

    public required ulong Every { get; init; }

    public required IReadOnlyList<HashBoundary> Rows { get; init; }

    /// <summary>False: entries are not the worker manager's, so there is no state to hash.</summary>
    public required bool StateApplies { get; init; }

    /// <summary>What cannot be read: there a row is missing, or a state hash.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <inheritdoc/>
    public override IRenderable Render()
    {
        var table = Layout.Table(
            ["UP TO", "TIME", "CHECK", "CHAIN HASH", "STATE HASH"],
            Rows.Select(row => new[]
            {
                row.Position.ToString(CultureInfo.InvariantCulture), row.Time, row.Check, row.ChainHash, row.StateHash ?? (StateApplies ? "cannot be rebuilt" : "does not apply"),
            }),
            "No entries.");
        var head = Layout.Properties(("journal", Journal));
        return Findings.Count == 0 ? Layout.Stack(head, table) : Layout.Stack(head, table, FindingsLayout.Of(Findings));
    }
}

/// <summary>One position: the chain hash vouches for every byte up to it, the state hash for what it makes of them.</summary>
internal sealed record HashBoundary(ulong Position, string Time, string Check, string ChainHash, string? StateHash);
