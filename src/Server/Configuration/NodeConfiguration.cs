using ControlPlane.Primitives;
using Microsoft.Extensions.Configuration;

namespace ControlPlane.Server.Configuration;

/// <summary>
/// Turns a file, the environment and the command line (each wins over the ones before) into checked <see cref="NodeOptions"/>,
/// or into a <see cref="ConfigurationException"/> that names every key at fault. Reads files and touches nothing.
/// </summary>
public static class NodeConfiguration
{
    /// <summary>What the environment variables of a node begin with: <c>CONTROLPLANE__LISTEN</c>.</summary>
    public const string EnvironmentPrefix = "CONTROLPLANE__";

    /// <summary>The file that is read if none is named and it is there.</summary>
    public const string DefaultFile = "controlplane.json";

    /// <summary>Reads the sources and checks them.</summary>
    /// <param name="file">A JSON file that must be there; null: <see cref="DefaultFile"/> in the current directory if it is there.</param>
    /// <param name="commandLine">Keys and values given on the command line; null values are skipped.</param>
    /// <exception cref="ConfigurationException">Something is wrong; nothing was started.</exception>
    public static NodeOptions Load(string? file = null, IEnumerable<KeyValuePair<string, string?>>? commandLine = null)
    {
        var builder = new ConfigurationBuilder();
        if (FindFile(file) is { } path)
        {
            builder.AddJsonFile(path, optional: false, reloadOnChange: false);
        }

        builder.AddEnvironmentVariables(EnvironmentPrefix);
        builder.AddInMemoryCollection((commandLine ?? []).Where(pair => pair.Value is not null));
        return Read(Build(builder, file));
    }

    /// <summary>Checks what is already read.</summary>
    /// <exception cref="ConfigurationException">Something is wrong.</exception>
    internal static NodeOptions Read(IConfigurationRoot root)
    {
        var reader = new ConfigurationReader(root);
        UnknownKeys.Report(root, reader);
        var name = reader.WellFormedName(NodeKeys.Name);
        var options = new NodeOptions
        {
            Name = name,
            Listen = reader.Endpoint(NodeKeys.Listen, $"{NodeKeys.Listen.Default} or [::1]:7070"),
            DataDirectory = reader.Directory(NodeKeys.DataDirectory),
            WorkerManager = reader.Flag(NodeKeys.WorkerManager),
            Partitions = (int)reader.Integer(NodeKeys.Partitions, 1, PartitionMap.CountMax),
            SnapshotEveryEntries = reader.Integer(NodeKeys.SnapshotEveryEntries, 0, long.MaxValue),
            KeepEntries = reader.Integer(NodeKeys.KeepEntries, 0, long.MaxValue),
            DrainTimeout = reader.Milliseconds(NodeKeys.DrainTimeoutMs, TimeSpan.Zero, TimeSpan.FromHours(1)),
            Journals = reader.JournalNames(NodeKeys.Journals),
            OtlpEndpoint = reader.Address(NodeKeys.OtlpEndpoint, "http://127.0.0.1:4317"),
            Tls = TransportKeys.ReadTls(reader, name),
            DangerouslyServePlaintextToTheNetwork = reader.Flag(TransportKeys.DangerouslyServePlaintextToTheNetwork),
            Core = CoreKeys.Read(reader),
        };
        var speaksTls = TransportKeys.All.Any(key => key.Path.StartsWith("Tls:", StringComparison.Ordinal) && reader.Text(key).Length > 0);
        options = options with { Cluster = ClusterReading.Read(reader, options, speaksTls) };
        foreach (var danger in TransportKeys.Dangers(options, speaksTls, reader.SourceOf))
        {
            reader.Report(danger);
        }

        if (!options.WorkerManager && options.Journals.Count == 0 && !reader.IsWrong(NodeKeys.WorkerManager))
        {
            reader.Report(NodeKeys.Journals.Path, $"not set, though {NodeKeys.WorkerManager.Path} is false: the node would serve nothing", "Name the journals that it keeps, as in [\"orders\"]");
        }

        if (options.Core.LostAfter < 2 * options.Core.HeartbeatInterval)
        {
            reader.Report(CoreKeys.WorkerLostAfterMs.Path, "a worker would be given up after missing a single report", $"Make it at least twice {CoreKeys.WorkerHeartbeatMs.Path}");
        }

        return reader.Problems.Count == 0 ? options : throw new ConfigurationException(reader.Problems);
    }

    private static string? FindFile(string? file)
    {
        if (file is null)
        {
            return File.Exists(DefaultFile) ? Path.GetFullPath(DefaultFile) : null;
        }

        return File.Exists(file)
            ? Path.GetFullPath(file)
            : throw new ConfigurationException([new("--config", "on the command line", $"the file {Path.GetFullPath(file)} is not there", "Name a file that is, or leave the option out")]);
    }

    private static IConfigurationRoot Build(ConfigurationBuilder builder, string? file)
    {
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException malformed)
        {
            var reason = malformed.InnerException?.Message ?? malformed.Message;
            throw new ConfigurationException([new("(whole file)", $"in the file {FindFile(file)}", $"it is not JSON: {reason}", "Mend the file at the place named")]);
        }
    }
}
