using System.Globalization;
using System.Net;
using ControlPlane.Primitives;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Server.Configuration;

/// <summary>Reads typed values by key and gathers every problem on the way, so that one start shows all that must be changed.</summary>
internal sealed class ConfigurationReader(IConfigurationRoot root)
{
    private readonly List<ConfigurationProblem> _problems = [];

    /// <summary>What was wrong so far.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems => _problems;

    /// <summary>The value as written, or the key's default. An empty value counts as not set.</summary>
    public string Text(ConfigurationKey key) => root[key.Path] is { Length: > 0 } value ? value : key.Default;

    /// <summary>A whole number in <c>[min, max]</c>.</summary>
    public long Integer(ConfigurationKey key, long min, long max)
    {
        var text = Text(key);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
        {
            return value;
        }

        Report(key.Path, $"'{text}' is not a whole number from {min} to {max}", $"Write a number in that range; the default is {key.Default}");
        return min;
    }

    /// <summary>A duration in whole milliseconds, in <c>[min, max]</c>.</summary>
    public TimeSpan Milliseconds(ConfigurationKey key, TimeSpan min, TimeSpan max) =>
        TimeSpan.FromMilliseconds(Integer(key, (long)min.TotalMilliseconds, (long)max.TotalMilliseconds));

    /// <summary>A well-formed name.</summary>
    public string WellFormedName(ConfigurationKey key) => WellFormed(key.Path, Text(key));

    /// <summary>Well-formed names of journals, without a repetition and without those that the node keeps for itself.</summary>
    public IReadOnlyList<string> JournalNames(ConfigurationKey key)
    {
        var names = new List<string>();
        foreach (var (path, value) in Elements(key))
        {
            var name = WellFormed(path, value);
            if (names.Contains(name))
            {
                Report(path, $"'{name}' is there twice", "Remove one of the two");
            }

            if (name.StartsWith(NodeOptions.OwnedJournalPrefix, StringComparison.OrdinalIgnoreCase))
            {
                Report(path, $"'{name}' belongs to the worker manager", $"Choose a name that does not begin with {NodeOptions.OwnedJournalPrefix}");
            }

            names.Add(name);
        }

        return names;
    }

    /// <summary>True if somebody has set the key, also to its default; an empty value counts as not set.</summary>
    public bool IsSet(ConfigurationKey key) => root[key.Path] is { Length: > 0 } || (key.IsList && root.GetSection(key.Path).GetChildren().Any());

    /// <summary>True if a problem of the key itself has been reported: its value is then a stand-in that says nothing.</summary>
    public bool IsWrong(ConfigurationKey key) => _problems.Exists(problem => problem.Key == key.Path);

    /// <summary>The values of a list with the paths that they stand at, in order.</summary>
    public IReadOnlyList<(string Path, string Value)> Elements(ConfigurationKey key)
    {
        var elements = root.GetSection(key.Path).GetChildren().Select(element => (element.Path, element.Value ?? "")).ToList();
        if (elements.Count == 0 && root[key.Path] is { Length: > 0 } scalar)
        {
            Report(key.Path, $"'{scalar}' is one value where a list is wanted", $"Write it as a list: \"{key.Path}\": [\"{scalar}\"], or {key.EnvironmentVariable}__0={scalar}");
        }

        return elements;
    }

    /// <summary>Yes or no, as <c>true</c> or <c>false</c>.</summary>
    public bool Flag(ConfigurationKey key)
    {
        if (bool.TryParse(Text(key), out var value))
        {
            return value;
        }

        Report(key.Path, $"'{Text(key)}' is neither true nor false", $"Write one of them; the default is {key.Default}");
        return false;
    }

    /// <summary>An address with a port.</summary>
    /// <param name="key">The key.</param>
    /// <param name="example">For the remedy: what a right one looks like.</param>
    public IPEndPoint Endpoint(ConfigurationKey key, string example)
    {
        var text = Text(key);
        var withAddress = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text["localhost".Length..] : text;
        if (!withAddress.Contains(':', StringComparison.Ordinal) || withAddress.EndsWith(']') || !IPEndPoint.TryParse(withAddress, out var endpoint))
        {
            Report(key.Path, $"'{text}' is not an address with a port", $"Write it as in {example}");
            return new IPEndPoint(IPAddress.Loopback, 0);
        }

        return endpoint;
    }

    /// <summary>An absolute http or https address, or null if nothing is set.</summary>
    /// <param name="key">The key.</param>
    /// <param name="example">For the remedy: what a right one looks like.</param>
    public Uri? Address(ConfigurationKey key, string example)
    {
        var text = Text(key);
        return text.Length == 0 ? null : Address(key.Path, text, $"{example}, or leave it out");
    }

    /// <summary>Reads <paramref name="text"/>, which stands at <paramref name="path"/>, as an absolute http or https address; null, and reported, if it is none.</summary>
    public Uri? Address(string path, string text, string example)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps))
        {
            return uri;
        }

        Report(path, $"'{text}' is not an http address", $"Write it as in {example}");
        return null;
    }

    /// <summary>A directory; made absolute against the current one.</summary>
    public string Directory(ConfigurationKey key)
    {
        var path = Path.GetFullPath(Text(key));
        if (File.Exists(path))
        {
            Report(key.Path, $"{path} is a file", "Name a directory, or a path where one can be made");
        }

        return path;
    }

    /// <summary>Adds a problem, with the source that its key's value comes from.</summary>
    public void Report(string path, string wrong, string remedy) => Report(new ConfigurationProblem(path, SourceOf(path), wrong, remedy));

    /// <summary>Adds a problem.</summary>
    public void Report(ConfigurationProblem problem) => _problems.Add(problem);

    /// <summary>Where the value of a key comes from, in words.</summary>
    public string SourceOf(string path) => ConfigurationSources.Describe(root, path);

    private string WellFormed(string path, string name)
    {
        if (!Name.IsWellFormed(name))
        {
            Report(path, $"'{name}' is not a name", $"Use {Name.Rule}");
        }

        return name;
    }
}
