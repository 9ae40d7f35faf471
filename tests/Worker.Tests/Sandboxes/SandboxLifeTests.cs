using ControlPlane.Protocol.V1;
using ControlPlane.Worker.Tests.Support;

namespace ControlPlane.Worker.Tests.Sandboxes;

public sealed class SandboxLifeTests
{
    private const ulong Sandbox = 10;

    [Fact]
    public async Task A_function_that_runs_too_long_is_ended_with_its_sandbox()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell(timeoutMs: 200));
        worker.Grant(Sandbox, 11);

        Assert.Equal(ErrorReason.FunctionTimeout, (await worker.RefusedAsync(Sandbox, 11, "{\"sleepMs\":60000}")).Reason);
        Assert.Equal("invocation timed out", await worker.DiedAsync(Sandbox));
    }

    [Fact]
    public async Task A_function_s_own_error_reaches_the_caller_and_the_sandbox_goes_on()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);

        var (reason, metadata) = await worker.RefusedAsync(Sandbox, 11, "{\"error\":\"no luck\"}");

        Assert.Equal(ErrorReason.FunctionError, reason);
        Assert.Equal("Error", metadata["type"]);
        Assert.Equal("no luck", metadata["message"]);
        Assert.Equal("next", (await worker.InvokeAsync(Sandbox, 11, "next")).Payload.ToStringUtf8());
    }

    [Fact]
    public async Task A_function_that_exits_ends_its_sandbox()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);

        Assert.Equal(ErrorReason.SandboxDied, (await worker.RefusedAsync(Sandbox, 11, "{\"exit\":7}")).Reason);
        Assert.Equal("exited with code 7", await worker.DiedAsync(Sandbox));
        Assert.Equal(ErrorReason.UnknownSandbox, (await worker.RefusedAsync(Sandbox, 11)).Reason);
    }

    [Fact]
    public async Task Died_is_reported_only_when_no_process_of_the_whole_tree_is_left()
    {
        await using var worker = await WorkerFixture.StartAsync(options => options.Sandbox.KillGrace = TimeSpan.FromMilliseconds(50));
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);
        await worker.InvokeAsync(Sandbox, 11, "{\"spawn\":987654}");
        var tree = Sleepers.Of("987654");
        await Eventually.HoldsAsync(() => (tree = Sleepers.Of("987654")).Count == 2, "the child and the grandchild run");

        worker.Destroy(Sandbox);

        Assert.Equal("retired", await worker.DiedAsync(Sandbox));
        Assert.Empty(Sleepers.Of("987654"));
    }

    [Fact]
    public async Task A_sandbox_over_its_memory_is_ended()
    {
        await using var worker = await WorkerFixture.StartAsync(options => options.Sandbox.MemoryLookInterval = TimeSpan.FromMilliseconds(20));
        var hog = WorkerFixture.Shell("x=$(head -c 200000000 /dev/zero | tr '\\0' x); sleep 600");
        hog.MemoryMib = 64;
        worker.Create(Sandbox, hog);

        Assert.StartsWith("out of memory", await worker.DiedAsync(Sandbox), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", "exited with code 3 before it was ready")]
    [InlineData("sleep 600", "init timed out")]
    public async Task A_start_that_fails_is_reported_with_its_cause(string script, string cause)
    {
        await using var worker = await WorkerFixture.StartAsync(options => options.Sandbox.InitTimeout = TimeSpan.FromMilliseconds(500));
        worker.Create(Sandbox, WorkerFixture.Shell(script));

        Assert.Equal(cause, await worker.DiedAsync(Sandbox));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_named()
    {
        await using var worker = await WorkerFixture.StartAsync();
        var missing = WorkerFixture.Shell("");
        missing.Command.Clear();
        missing.Command.Add("./no-such-program");
        worker.Create(Sandbox, missing);

        Assert.Contains("no-such-program", await worker.DiedAsync(Sandbox), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_is_logged_with_the_invocation_that_printed_it()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);

        var answer = await worker.InvokeAsync(Sandbox, 11, "{\"print\":\"good day\"}");

        await Eventually.HoldsAsync(() => worker.Log(Sandbox).Contains("good day", StringComparison.Ordinal), "the line is logged");
        Assert.Contains("out " + answer.InvocationId + " good day", worker.Log(Sandbox), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_output_is_cut_and_the_function_still_answers()
    {
        const int budget = 64 * 1024;
        await using var worker = await WorkerFixture.StartAsync(options =>
        {
            options.Sandbox.LogBytesPerSecondMax = budget;
            options.Sandbox.LogFileBytesMax = budget;
        });
        await worker.CreateReadyAsync(Sandbox, WorkerFixture.EchoShell());
        worker.Grant(Sandbox, 11);

        await worker.InvokeAsync(Sandbox, 11, "{\"flood\":500000}");
        worker.Destroy(Sandbox);
        await worker.DiedAsync(Sandbox);

        Assert.Contains("bytes dropped", worker.Log(Sandbox), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(worker.LogPath(Sandbox)).Length, 1, budget);
    }

    [Fact]
    public async Task A_node_function_runs_unmodified()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/node") || File.Exists("/usr/local/bin/node"), "node is not installed");
        await using var worker = await WorkerFixture.StartAsync();
        await worker.CreateReadyAsync(Sandbox, new FunctionSpec
        {
            Name = "echo-node",
            Version = 1,
            Command = { "./bootstrap" },
            CodePath = WorkerFixture.ExampleDirectory("echo-node"),
            MemoryMib = 256,
            TimeoutMs = 30_000,
        });
        worker.Grant(Sandbox, 11);

        Assert.Equal("{\"a\":1}", (await worker.InvokeAsync(Sandbox, 11, "{\"a\":1}")).Payload.ToStringUtf8());
        Assert.Equal("nope", (await worker.RefusedAsync(Sandbox, 11, "{\"error\":\"nope\"}")).Metadata["message"]);
        Assert.Equal(ErrorReason.SandboxDied, (await worker.RefusedAsync(Sandbox, 11, "{\"allocateMib\":600,\"sleepMs\":29000}")).Reason);
        Assert.StartsWith("out of memory", await worker.DiedAsync(Sandbox), StringComparison.Ordinal);
    }
}
