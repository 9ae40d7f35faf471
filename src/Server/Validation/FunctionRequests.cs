using System.Globalization;
using System.Text;
using ControlPlane.Protocol.V1;
using ControlPlane.WorkerManager;
using Google.Protobuf.Collections;

namespace ControlPlane.Server.Validation;

/// <summary>What DeployFunction takes, checked. The bounds together keep a deployment well within one journal entry.</summary>
internal static class FunctionRequests
{
    /// <summary>Most words of a command.</summary>
    public const int CommandWordsMax = 64;

    /// <summary>Most environment variables.</summary>
    public const int EnvironmentMax = 64;

    /// <summary>Longest word, path or value, in characters.</summary>
    public const int TextLengthMax = 4_096;

    /// <summary>Command, path and environment together, in bytes of UTF-8.</summary>
    public const int TextBytesMax = 128 * 1024;

    /// <summary>Largest memory of a sandbox, in MiB.</summary>
    public const uint MemoryMibMax = 1024 * 1024;

    /// <summary>Memory if the caller does not say, in MiB.</summary>
    public const uint MemoryMibDefault = 128;

    /// <summary>Longest invocation, in milliseconds.</summary>
    public const uint TimeoutMsMax = 86_400_000;

    /// <summary>Longest invocation if the caller does not say, in milliseconds.</summary>
    public const uint TimeoutMsDefault = 30_000;

    /// <summary>Most free sandboxes to keep ready.</summary>
    public const uint WarmTargetMax = 10_000;

    /// <summary>Longest idle timeout, in milliseconds: thirty days.</summary>
    public const long IdleTimeoutMsMax = 30L * 86_400_000;

    /// <summary>A deployment.</summary>
    public static FunctionDefinition Deploy(FieldChecks checks, DeployFunctionRequest request)
    {
        var function = request.Function;
        if (function is null)
        {
            checks.Fail("function", "missing");
            function = new FunctionSpec();
        }

        checks.Enter("function");
        checks.Require(TextBytes(function) <= TextBytesMax, "command", string.Create(CultureInfo.InvariantCulture, $"command, code_path and environment are more than {TextBytesMax} bytes in all"));
        var definition = new FunctionDefinition
        {
            Name = checks.Function("name", function.Name),
            Command = Command(checks, function.Command),
            CodePath = CodePath(checks, function.CodePath),
            Environment = Environment(checks, function.Environment),
            MemoryMib = function.MemoryMib == 0 ? MemoryMibDefault : checks.Range("memory_mib", function.MemoryMib, 1, MemoryMibMax),
            Timeout = TimeSpan.FromMilliseconds(function.TimeoutMs == 0 ? TimeoutMsDefault : checks.Range("timeout_ms", function.TimeoutMs, 1, TimeoutMsMax)),
            ReservedConcurrency = request.ReservedConcurrency,
            WarmTarget = request.WarmTarget,
            IdleTimeout = TimeSpan.Zero,
        };
        checks.Leave();
        checks.Range("warm_target", request.WarmTarget, 0, WarmTargetMax);
        return definition with { IdleTimeout = checks.Milliseconds("idle_timeout_ms", request.IdleTimeoutMs, 1, IdleTimeoutMsMax, TimeSpan.Zero) };
    }

    private static string[] Command(FieldChecks checks, RepeatedField<string> words)
    {
        if (!checks.Count("command", words.Count, 1, CommandWordsMax))
        {
            return [];
        }

        checks.Require(words.Count == 0 || words[0].Length > 0, "command", "the program is empty");
        foreach (var word in words)
        {
            checks.Require(IsPlain(word), "command", $"a word is longer than {TextLengthMax} characters or holds a NUL");
        }

        return [.. words];
    }

    private static string CodePath(FieldChecks checks, string path)
    {
        checks.Require(path.StartsWith('/'), "code_path", "not an absolute path");
        checks.Require(IsPlain(path), "code_path", $"longer than {TextLengthMax} characters or holds a NUL");
        return path;
    }

    private static KeyValuePair<string, string>[] Environment(FieldChecks checks, MapField<string, string> variables)
    {
        if (!checks.Count("environment", variables.Count, 0, EnvironmentMax))
        {
            return [];
        }

        foreach (var (name, value) in variables)
        {
            checks.Require(IsVariableName(name), "environment", $"'{name}' is not the name of a variable: letters, digits and '_', not beginning with a digit");
            checks.Require(IsPlain(value), "environment", $"the value of '{name}' is longer than {TextLengthMax} characters or holds a NUL");
        }

        return [.. variables.OrderBy(variable => variable.Key, StringComparer.Ordinal)];
    }

    private static bool IsPlain(string text) => text.Length <= TextLengthMax && !text.Contains('\0', StringComparison.Ordinal);

    private static bool IsVariableName(string name) =>
        name.Length is > 0 and <= 128 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static long TextBytes(FunctionSpec function) =>
        function.Command.Sum(word => (long)Encoding.UTF8.GetByteCount(word))
        + Encoding.UTF8.GetByteCount(function.CodePath)
        + function.Environment.Sum(variable => (long)Encoding.UTF8.GetByteCount(variable.Key) + Encoding.UTF8.GetByteCount(variable.Value));
}
