using ControlPlane.Security;
using ControlPlane.Security.Tests;

namespace ControlPlane.Worker.Tests;

public sealed class WorkerAgentOptionsValidatorTests
{
    public static TheoryData<string, Action<WorkerAgentOptions>> Mistakes() => new()
    {
        { "Name 'no spaces' is not well formed", options => options.Name = "no spaces" },
        { "Zone '' is not well formed", options => options.Zone = "" },
        { "Labels has 33 entries; remove some, 32 is the most.", AddTooManyLabels },
        { "DataDirectory is empty; name a directory that only this worker uses.", options => options.DataDirectory = " " },
        { "GateListen 'here' is not an address; write for instance 127.0.0.1:7071.", options => options.GateListen = "here" },
        { "GateListen '0.0.0.0:9' is not a loopback address: without TLS the gate speaks plaintext, which is refused elsewhere; set Tls, or write 127.0.0.1:9.", options => options.GateListen = "0.0.0.0:9" },
        { "PlaneAddresses is empty; name at least one node of the plane", options => options.PlaneAddresses.Clear() },
        { "Address 'https://127.0.0.1:1' is not of the form http://127.0.0.1:7070", options => options.PlaneAddresses.Add("https://127.0.0.1:1") },
        { "GateListen '0.0.0.0:9' is every address of this machine, which no caller can dial; set AdvertisedEndpoint", ListenEverywhereInPlaintext },
        { "Address 'http://10.0.0.1:1' is not on this machine", options => options.PlaneAddresses.Add("http://10.0.0.1:1") },
        { "Address 'http://10.0.0.2:1' is not on this machine", options => options.AdvertisedEndpoint = "http://10.0.0.2:1" },
        { "CapacityMemoryMib is 0; write a number from 1 to ", options => options.CapacityMemoryMib = 0 },
        { "CapacitySandboxes is 10001; write a number from 1 to 10000.", options => options.CapacitySandboxes = 10_001 },
        { "InvokeQueueMax is -1; write a number from 0 to 10000.", options => options.InvokeQueueMax = -1 },
        { "Sandbox.LogLineBytesMax is 63; write a number from 64 to ", options => options.Sandbox.LogLineBytesMax = 63 },
        { "Sandbox.LogBytesPerSecondMax is 1; write a number from 1024 to ", options => options.Sandbox.LogBytesPerSecondMax = 1 },
        { "Sandbox.LogFileBytesMax is 100; write a number from 8192 to ", options => options.Sandbox.LogFileBytesMax = 100 },
        { "Sandbox.EndedLogsMax is -1; write a number from 0 to ", options => options.Sandbox.EndedLogsMax = -1 },
        { "GrantWait (ms) is 60001; write a number from 0 to 60000.", options => options.GrantWait = TimeSpan.FromMilliseconds(60_001) },
        { "Sandbox.InitTimeout (ms) is 0; write a number from 1 to ", options => options.Sandbox.InitTimeout = TimeSpan.Zero },
        { "Sandbox.KillGrace (ms) is -1; write a number from 0 to ", options => options.Sandbox.KillGrace = TimeSpan.FromMilliseconds(-1) },
        { "Sandbox.MemoryLookInterval (ms) is 9; write a number from 10 to ", options => options.Sandbox.MemoryLookInterval = TimeSpan.FromMilliseconds(9) },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Each_mistake_is_named_alone_with_what_to_write_instead(string message, Action<WorkerAgentOptions> mistake)
    {
        var options = Sound();
        mistake(options);

        Assert.StartsWith(message, Assert.Single(WorkerAgentOptionsValidator.Problems(options)), StringComparison.Ordinal);
        Assert.False(new WorkerAgentOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void All_mistakes_are_named_at_once()
    {
        var options = Sound();
        options.Name = "";
        options.GateListen = "here";
        options.InvokeQueueMax = -1;

        var refused = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => WorkerAgentOptionsValidator.ThrowIfInvalid(options));
        Assert.Equal(3, refused.Failures.Count());
    }

    [Fact]
    public void Defaults_with_a_plane_are_sound() => Assert.Empty(WorkerAgentOptionsValidator.Problems(Sound()));

    [Fact]
    public void Certificates_that_cannot_be_used_are_named_and_https_is_asked_for()
    {
        var options = Sound();
        options.Tls = new TlsFiles("/no/such.crt", "/no/such.key", "/no/such.ca");
        options.DangerouslyServePlaintextToTheNetwork = true;

        var problems = WorkerAgentOptionsValidator.Problems(options).ToList();

        Assert.Equal(5, problems.Count);
        Assert.StartsWith("Address 'http://127.0.0.1:7070' is not of the form https://127.0.0.1:7070", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("Tls.Certificate: /no/such.crt is not there", problems[1], StringComparison.Ordinal);
        Assert.StartsWith("DangerouslyServePlaintextToTheNetwork is set beside Tls", problems[4], StringComparison.Ordinal);
    }

    [Fact]
    public void With_certificates_a_worker_may_serve_and_dial_beyond_its_machine()
    {
        using var certificates = new TestCertificates();
        var options = Sound();
        options.Tls = certificates.Of(Role.Worker, options.Name);
        options.GateListen = "10.0.0.8:7071";
        options.PlaneAddresses[0] = "https://10.0.0.7:7070";

        Assert.Empty(WorkerAgentOptionsValidator.Problems(options));
    }

    [Fact]
    public void The_alarming_flag_lets_plaintext_out()
    {
        var options = Sound();
        options.DangerouslyServePlaintextToTheNetwork = true;
        options.GateListen = "10.0.0.8:7071";
        options.PlaneAddresses[0] = "http://10.0.0.7:7070";

        Assert.Empty(WorkerAgentOptionsValidator.Problems(options));
    }

    private static WorkerAgentOptions Sound()
    {
        var options = new WorkerAgentOptions();
        options.PlaneAddresses.Add("http://127.0.0.1:7070");
        return options;
    }

    private static void ListenEverywhereInPlaintext(WorkerAgentOptions options)
    {
        options.GateListen = "0.0.0.0:9";
        options.DangerouslyServePlaintextToTheNetwork = true;
    }

    private static void AddTooManyLabels(WorkerAgentOptions options)
    {
        for (var i = 0; i <= WorkerAgentOptionsValidator.LabelsMax; i++)
        {
            options.Labels.Add($"label-{i}", "x");
        }
    }
}
