using System.Text.Json;
using Spectre.Console.Rendering;

namespace ControlPlane.Cpctl;

/// <summary>
/// A result, once: its public properties are the JSON that programs get, <see cref="Render"/> is what people see. Pure: a view
/// reads no clock and no plane, so its output can be pinned by golden files.
/// </summary>
internal abstract record View
{
    /// <summary>The form for people.</summary>
    public abstract IRenderable Render();

    /// <summary>The form for programs, one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GetType(), JsonShape.Options);

    public void Write(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.PlainOut.WriteLine(ToJson());
        }
        else
        {
            terminal.Console.Write(Render());
        }
    }
}
