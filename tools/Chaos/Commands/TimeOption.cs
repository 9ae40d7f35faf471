using System.CommandLine;
using ControlPlane.Scenarios;

namespace ControlPlane.Chaos.Commands;

/// <summary>Options that take a time as scenario files write it.</summary>
internal static class TimeOption
{
    public static Option<TimeSpan?> Named(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = argument =>
        {
            if (TimeText.TryRead(argument.Tokens[0].Value, out var time) && time > TimeSpan.Zero)
            {
                return time;
            }

            argument.AddError($"{name}: {argument.Tokens[0].Value} is not a time; write 500ms, 30s or 2m");
            return null;
        },
    };
}
