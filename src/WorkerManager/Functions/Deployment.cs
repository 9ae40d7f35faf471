using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>
/// Function versions come and go. Only the newest version takes new leases; the sandboxes of an older or deleted one
/// retire as they become free, and when the last is gone the version is forgotten (its name and number are not).
/// </summary>
internal static class Deployment
{
    public static Entry Entry(FunctionDefinition definition, uint version)
    {
        var entry = new FunctionDeployed
        {
            Name = definition.Name.Value,
            Version = version,
            CodePath = definition.CodePath,
            MemoryMib = definition.MemoryMib,
            TimeoutMs = (uint)Milliseconds.Of(definition.Timeout),
            ReservedConcurrency = definition.ReservedConcurrency,
            WarmTarget = definition.WarmTarget,
            IdleTimeoutMs = Milliseconds.Of(definition.IdleTimeout),
        };
        entry.Command.AddRange(definition.Command);
        foreach (var (name, value) in definition.Environment)
        {
            entry.Environment.Add(new EnvironmentVariable { Name = name, Value = value });
        }

        return new Entry { FunctionDeployed = entry };
    }

    public static void Apply(PartitionState state, in EntryContext context, FunctionDeployed entry)
    {
        var definition = DefinitionOf(entry);
        if (!state.FunctionTable.TryGetFamily(definition.Name, out var family))
        {
            family = new FunctionFamily(definition.Name);
            state.FunctionTable.Add(family);
            state.Hasher.Add(family);
        }

        Invariant.Check(entry.Version == family.LastVersion + 1, "versions of a function are dense");
        var version = new FunctionVersion(context.Position, family, entry.Version, definition);
        state.FunctionTable.Versions.Add(version);
        state.Hasher.Add(version);
        Replace(state, family, version);
    }

    public static void Apply(PartitionState state, FunctionDeleted entry)
    {
        var version = state.FunctionTable.Versions.Get(entry.Function);
        Invariant.Check(version.IsCurrent, "only the current version can be deleted");
        Replace(state, version.Family, null);
    }

    /// <summary>Forgets a version that takes no leases and has no sandboxes.</summary>
    public static void ForgetIfOver(PartitionState state, FunctionVersion version)
    {
        if (!version.IsCurrent && version.SandboxCount == 0)
        {
            state.Hasher.Remove(version);
            state.FunctionTable.Versions.Remove(version);
        }
    }

    private static void Replace(PartitionState state, FunctionFamily family, FunctionVersion? current)
    {
        var before = family.Current;
        state.Hasher.Remove(family);
        state.FunctionTable.SetCurrent(family, current);
        family.LastVersion = current?.Version ?? family.LastVersion;
        state.Hasher.Add(family);
        if (before is not null)
        {
            state.Touch(before);
            ForgetIfOver(state, before);
        }

        if (current is not null)
        {
            state.Touch(current);
        }
    }

    private static FunctionDefinition DefinitionOf(FunctionDeployed entry) => new()
    {
        Name = FunctionName.Create(entry.Name),
        Command = [.. entry.Command],
        CodePath = entry.CodePath,
        Environment = [.. entry.Environment.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))],
        MemoryMib = entry.MemoryMib,
        Timeout = Milliseconds.From(entry.TimeoutMs),
        ReservedConcurrency = entry.ReservedConcurrency,
        WarmTarget = entry.WarmTarget,
        IdleTimeout = Milliseconds.From(entry.IdleTimeoutMs),
    };
}
