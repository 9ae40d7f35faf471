using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Cpctl;

/// <summary>
/// A directory as a function. <c>function.json</c> may say anything below; without it the directory's name is the function's and
/// <c>./bootstrap</c> its program, as in any custom Lambda runtime.
/// </summary>
internal sealed record FunctionManifest
{
    public const string FileName = "function.json";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    public string? Name { get; init; }

    /// <summary>Program and arguments, started in the directory.</summary>
    public IReadOnlyList<string> Command { get; init; } = ["./bootstrap"];

    public uint MemoryMib { get; init; } = 128;

    public uint TimeoutMs { get; init; } = 30_000;

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public uint ReservedConcurrency { get; init; }

    public uint WarmTarget { get; init; }

    public long IdleTimeoutMs { get; init; }

    /// <summary>Programs that must be on PATH for the function to run; `cpctl dev` skips the function without them.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>Absolute path of the code.</summary>
    [JsonIgnore]
    public string CodePath { get; private init; } = "";

    public static FunctionManifest Load(string directory)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (!Directory.Exists(path))
        {
            throw new UsageException($"there is no directory {path}", "Name the directory that holds the function's code.");
        }

        var file = Path.Combine(path, FileName);
        var manifest = File.Exists(file) ? Read(file) : new FunctionManifest();
        if (!File.Exists(file) && !File.Exists(Path.Combine(path, "bootstrap")))
        {
            throw new UsageException($"{path} has neither a bootstrap program nor a {FileName}", $"Add one of the two; {FileName} may name the command.");
        }

        return manifest with { Name = manifest.Name ?? Path.GetFileName(path), CodePath = path };
    }

    public DeployFunctionRequest ToRequest() => new()
    {
        Function = new FunctionSpec
        {
            Name = Name ?? "",
            Command = { Command },
            CodePath = CodePath,
            Environment = { new Dictionary<string, string>(Environment) },
            MemoryMib = MemoryMib,
            TimeoutMs = TimeoutMs,
        },
        ReservedConcurrency = ReservedConcurrency,
        WarmTarget = WarmTarget,
        IdleTimeoutMs = IdleTimeoutMs,
    };

    private static FunctionManifest Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<FunctionManifest>(File.ReadAllText(file), Json) ?? new FunctionManifest();
        }
        catch (JsonException e)
        {
            throw new UsageException($"{file} cannot be used: {e.Message}", "Correct the field that is named.");
        }
    }
}
