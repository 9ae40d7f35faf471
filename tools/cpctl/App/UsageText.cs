using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary>How commands are written on a command line.</summary>
internal static class UsageText
{
    /// <summary>"cpctl journal append".</summary>
    public static string PathOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? CpctlRoot.Name : $"{PathOf(parent)} {command.Name}";
    }
}
