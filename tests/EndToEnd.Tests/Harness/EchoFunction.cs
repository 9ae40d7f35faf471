using ControlPlane.Client;
using ControlPlane.Protocol.V1;

namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>The shell example, deployed from a directory of the test, so that its processes can be told from any others.</summary>
internal static class EchoFunction
{
    public const string Name = "echo";

    /// <summary>A copy of the example's code below <paramref name="root"/>.</summary>
    public static string CopyTo(string root)
    {
        var target = Directory.CreateDirectory(Path.Combine(root, "function")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "examples", "echo-sh")))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
        }

        return target;
    }

    /// <summary>Deploys it; what it writes to its temporary directory is removed with the test.</summary>
    public static Task DeployAsync(this PlaneProcess plane, ControlPlaneClient client, uint warm = 1, string name = Name) =>
        DeployAsync(client, plane.Root, warm, name);

    /// <summary>The same, from a copy below <paramref name="root"/>.</summary>
    public static Task DeployAsync(ControlPlaneClient client, string root, uint warm = 1, string name = Name)
    {
        var code = CopyTo(root);
        return client.Operator.DeployFunctionAsync(
            new DeployFunctionRequest
            {
                Function = new FunctionSpec
                {
                    Name = name,
                    Command = { "./bootstrap" },
                    CodePath = code,
                    MemoryMib = 64,
                    TimeoutMs = 20_000,
                    Environment = { ["TMPDIR"] = code },
                },
                WarmTarget = warm,
            },
            TestContext.Current.CancellationToken);
    }

    /// <summary>What the tests lease: waits for a sandbox if none is free.</summary>
    public static Allocation Lease(TimeSpan? ttl = null, string name = Name) =>
        new(name) { MaxWait = TimeSpan.FromSeconds(30), Ttl = ttl ?? TimeSpan.FromMinutes(10) };
}
