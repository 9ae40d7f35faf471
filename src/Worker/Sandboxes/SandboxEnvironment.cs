using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.V1;

namespace ControlPlane.Worker.Sandboxes;

/// <summary>The environment of a function's program: Lambda's variables, the function's own, and nothing of the agent's.</summary>
internal static class SandboxEnvironment
{
    /// <summary>Carries the mark of the run; Lambda's name for the stream that a program's log goes to.</summary>
    public const string MarkVariable = "AWS_LAMBDA_LOG_STREAM_NAME";

    private const string DefaultHandler = "index.handler";
    private const string HandlerVariable = "_HANDLER";

    /// <summary>The mark of one run.</summary>
    public static string MarkOf(UInt128 run) => "run-" + Identifier128.Format(run);

    /// <summary>Everything; the function's own variables may override the path, the time zone and the handler, not what identifies the sandbox.</summary>
    public static Dictionary<string, string> Of(FunctionSpec function, string runtimeApi, UInt128 run)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
            ["TZ"] = ":UTC",
            ["LANG"] = "C.UTF-8",
            [HandlerVariable] = DefaultHandler,
        };
        foreach (var (name, value) in function.Environment)
        {
            variables[name] = value;
        }

        variables["AWS_LAMBDA_RUNTIME_API"] = runtimeApi;
        variables["AWS_LAMBDA_FUNCTION_NAME"] = function.Name;
        variables["AWS_LAMBDA_FUNCTION_VERSION"] = function.Version.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = function.MemoryMib.ToString(CultureInfo.InvariantCulture);
        variables["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/" + function.Name;
        variables["LAMBDA_TASK_ROOT"] = function.CodePath;
        variables[MarkVariable] = MarkOf(run);
        return variables;
    }

    /// <summary>The function's name as runtimes expect it.</summary>
    public static string ArnOf(FunctionSpec function) =>
        string.Create(CultureInfo.InvariantCulture, $"arn:aws:lambda:local:000000000000:function:{function.Name}:{function.Version}");
}
