namespace ControlPlane.JournalInspector.App;

/// <summary>The command line asks for something that is never done, and only a look at the disk shows it.</summary>
internal sealed class UsageException(string message) : Exception(message);
