using Spectre.Console;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Views;

/// <summary>The shapes of output for people.</summary>
internal static class Layout
{
    /// <summary>One line for each row, also in a pipe; <paramref name="none"/> instead of a bare header.</summary>
    public static IRenderable Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows, string none)
    {
        var table = new Table { Border = TableBorder.None, UseSafeBorder = true };
        foreach (var header in headers)
        {
            table.AddColumn(new TableColumn(new Text(header, new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        return table.Rows.Count == 0 ? Line(none) : table;
    }

    /// <summary>Name and value, one a line; empty values are left out.</summary>
    public static IRenderable Properties(params (string Name, string Value)[] properties)
    {
        var grid = new Grid();
        grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        foreach (var (name, value) in properties.Where(property => property.Value.Length > 0))
        {
            grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        }

        return grid;
    }

    public static IRenderable Line(string text) => Lines([text]);

    public static IRenderable Lines(IEnumerable<string> lines) => new Rows(lines.Select(line => new Text(line)));

    /// <summary>One below the other, with an empty line between.</summary>
    public static IRenderable Stack(params IRenderable[] parts) =>
        new Rows(parts.SelectMany((part, i) => i == 0 ? [part] : new[] { Text.Empty, part }));
}
