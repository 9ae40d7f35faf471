namespace ControlPlane.Worker.Processes;

/// <summary>A started program: its id, which is also that of its session and group, and the reading ends of its output pipes.</summary>
internal readonly record struct LaunchedProcess(int Pid, int Output, int Errors);
