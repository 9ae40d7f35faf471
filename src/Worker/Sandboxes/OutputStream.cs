namespace ControlPlane.Worker.Sandboxes;

/// <summary>Which of a program's two outputs a line came from.</summary>
internal enum OutputStream
{
    Out,
    Error,
}
