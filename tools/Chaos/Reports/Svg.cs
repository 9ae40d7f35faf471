using System.Globalization;
using System.Net;
using System.Text;

namespace ControlPlane.Chaos.Reports;

/// <summary>Shapes of one drawing, with escaped texts and short numbers.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _shapes = new();

    public static string Number(double number) => Math.Round(number, 1).ToString(CultureInfo.InvariantCulture);

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public void Rectangle(double x, double y, double width, double height, string style, string? title = null, bool isFocusable = false) =>
        Add("rect", FormattableString.Invariant($"x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(Math.Max(0.5, width))}\" height=\"{Number(height)}\""), style, title, isFocusable);

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Add("line", FormattableString.Invariant($"x1=\"{Number(x1)}\" y1=\"{Number(y1)}\" x2=\"{Number(x2)}\" y2=\"{Number(y2)}\""), style, null, false);

    public void Circle(double x, double y, double radius, string style, string? title = null, bool isFocusable = false) =>
        Add("circle", FormattableString.Invariant($"cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\""), style, title, isFocusable);

    public void Path(string commands, string style) => Add("path", $"d=\"{commands}\"", style, null, false);

    public void Text(double x, double y, string text, string style) =>
        _shapes.Append(CultureInfo.InvariantCulture, $"<text x=\"{Number(x)}\" y=\"{Number(y)}\" class=\"{style}\">{Escape(text)}</text>\n");

    public override string ToString() => _shapes.ToString();

    private void Add(string element, string attributes, string style, string? title, bool isFocusable)
    {
        _shapes.Append('<').Append(element).Append(' ').Append(attributes).Append(" class=\"").Append(style).Append('"');
        if (title is null)
        {
            _shapes.Append("/>\n");
            return;
        }

        // A screen reader and the keyboard get what the pointer gets.
        var escaped = Escape(title);
        _shapes.Append(isFocusable ? $" tabindex=\"0\" role=\"img\" aria-label=\"{escaped}\"" : "").Append("><title>").Append(escaped).Append("</title></").Append(element).Append(">\n");
    }
}
