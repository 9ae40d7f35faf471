using System.CommandLine;

namespace ControlPlane.JournalInspector.App;

/// <summary>Options that name journal positions.</summary>
internal static class PositionOption
{
    public static Option<ulong?> Named(string name, string description)
    {
        var option = new Option<ulong?>(name) { Description = description, HelpName = "SEQ" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value == "0")
            {
                result.AddError($"{name} 0: positions begin at 1");
            }
        });
        return option;
    }
}
