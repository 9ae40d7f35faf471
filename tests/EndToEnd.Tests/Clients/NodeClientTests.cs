using ControlPlane.EndToEnd.Tests.Harness;

namespace ControlPlane.EndToEnd.Tests.Clients;

/// <summary>A client in another language, made of nothing but the .proto files and the packages that its lock file names.</summary>
[Collection(RunningPlane.ForAll.Name)]
public sealed class NodeClientTests(RunningPlane running, TestRun run)
{
    private static readonly string[] NoNetwork = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"];

    [Fact]
    public async Task A_client_generated_from_the_contract_leases_invokes_and_releases()
    {
        Assert.SkipUnless(IsOnPath("node"), "node is not on PATH");
        Assert.SkipUnless(IsOnPath("npm"), "npm is not on PATH");
        var directory = await InstallAsync();
        await using var client = CapturedProcess.Start(
            ["node", "client.js", running.Address, EchoFunction.Name, Path.Combine(AppContext.BaseDirectory, "proto")], directory);

        var told = (await client.ResultAsync()).Ended(0).Json;

        Assert.True(told.GetProperty("sameLeaseAgain").GetBoolean());
        Assert.True(told.GetProperty("echoed").GetBoolean());
        Assert.True(told.GetProperty("released").GetBoolean());
    }

    /// <summary>The client in a directory of its own, with its packages.</summary>
    private async Task<string> InstallAsync()
    {
        var directory = run.NewDirectory("node");
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "node")))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        }

        await using var npm = CapturedProcess.Start(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], directory);
        var installed = await npm.ResultAsync();
        Assert.SkipWhen(
            installed.ExitCode != 0 && NoNetwork.Any(code => installed.Error.Contains(code, StringComparison.Ordinal)),
            $"npm cannot reach its registry: {installed.Error}");
        installed.Ended(0);
        return directory;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(directory => File.Exists(Path.Combine(directory, program)));
}
