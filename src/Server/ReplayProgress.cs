namespace ControlPlane.Server;

/// <summary>
/// How far the opening of a journal has come. A node reports it, while it starts, to the <see cref="IProgress{T}"/> of this type
/// that its host has registered, if it has: some times a second, on the opening thread.
/// </summary>
/// <remarks>A journal is read twice, and each pass counts from zero: first it is verified, then what lies behind its newest snapshot is applied.</remarks>
/// <param name="Journal">Its name; the worker manager's own comes first.</param>
/// <param name="Entries">Read so far in this pass.</param>
/// <param name="Bytes">Their size.</param>
public readonly record struct ReplayProgress(string Journal, long Entries, long Bytes);
