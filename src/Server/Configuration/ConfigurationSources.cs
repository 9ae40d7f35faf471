using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;

namespace ControlPlane.Server.Configuration;

/// <summary>Says where a value comes from: whoever must change it should not have to search for it.</summary>
internal static class ConfigurationSources
{
    /// <summary>The source that wins for <paramref name="path"/>, in words; of a list, the one that sets elements of it and wins over others.</summary>
    public static string Describe(IConfigurationRoot root, string path)
    {
        foreach (var provider in root.Providers.Reverse())
        {
            if (provider.TryGet(path, out _) || provider.GetChildKeys([], path).Any())
            {
                return provider switch
                {
                    JsonConfigurationProvider json => $"in the file {json.Source.Path}",
                    EnvironmentVariablesConfigurationProvider => $"in the environment variable {NodeConfiguration.EnvironmentPrefix}{path.ToUpperInvariant().Replace(":", "__", StringComparison.Ordinal)}",
                    _ => "on the command line",
                };
            }
        }

        return "by default";
    }
}
