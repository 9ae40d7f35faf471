namespace ControlPlane.Cpctl.Tests;

public sealed class FunctionManifestTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cpctl-manifest-");

    [Fact]
    public void A_directory_with_a_bootstrap_is_a_function_of_its_name()
    {
        Write("bootstrap", "#!/bin/sh\n");
        var request = FunctionManifest.Load(_directory.FullName + "/").ToRequest();
        Assert.Equal((_directory.Name, _directory.FullName), (request.Function.Name, request.Function.CodePath));
        Assert.Equal(["./bootstrap"], request.Function.Command);
    }

    [Fact]
    public void The_manifest_says_the_rest()
    {
        Write(FunctionManifest.FileName, """{"name":"resize","command":["node","main.mjs"],"memory_mib":512,"timeout_ms":1000,"environment":{"A":"b"},"warm_target":3,"reserved_concurrency":9,"idle_timeout_ms":5}""");
        var request = FunctionManifest.Load(_directory.FullName).ToRequest();
        Assert.Equal(("resize", 512U, 1_000U, "b"), (request.Function.Name, request.Function.MemoryMib, request.Function.TimeoutMs, request.Function.Environment["A"]));
        Assert.Equal(["node", "main.mjs"], request.Function.Command);
        Assert.Equal((3U, 9U, 5L), (request.WarmTarget, request.ReservedConcurrency, request.IdleTimeoutMs));
    }

    [Theory]
    [InlineData("{\"memory\":512}", "memory")]
    [InlineData("{\"memory_mib\":\"much\"}", "memory_mib")]
    [InlineData("{", "function.json")]
    public void A_manifest_that_cannot_be_used_is_refused_with_the_field_at_fault(string manifest, string named)
    {
        Write(FunctionManifest.FileName, manifest);
        var refusal = Assert.Throws<UsageException>(() => FunctionManifest.Load(_directory.FullName));
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_without_a_program_is_refused() =>
        Assert.Contains("bootstrap", Assert.Throws<UsageException>(() => FunctionManifest.Load(_directory.FullName)).Message, StringComparison.Ordinal);

    public void Dispose() => _directory.Delete(recursive: true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_directory.FullName, name), text);
}
