using System.Text.Json;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.Views;

/// <summary>
/// A result, once: its public properties are the JSON that programs get, <see cref="Render"/> is what people see. Pure: no
/// clock, no disk, no absolute path, so that golden files can pin it.
/// </summary>
internal abstract record View
{
    /// <summary>The form for people.</summary>
    public abstract IRenderable Render();

    /// <summary>The form for programs, one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, GetType(), JsonShape.Options);
}
