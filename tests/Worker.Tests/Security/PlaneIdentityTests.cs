using ControlPlane.Security;
using ControlPlane.Security.Tests;
using ControlPlane.Worker.Tests.Support;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker.Tests.Security;

public sealed class PlaneIdentityTests
{
    /// <summary>A tenant with a certificate of the right host, listening where the plane should be, gets no worker's sandboxes.</summary>
    [Fact]
    public async Task A_worker_opens_no_session_with_a_plane_that_is_no_replica()
    {
        using var certificates = new TestCertificates();
        using var data = new TemporaryDirectory();
        using var tls = TlsSettings.Open(
            certificates.Of(Role.Tenant, "mallory", TestCertificates.Loopback), new OwnCertificate(Role.Tenant, null, Serves: true), TimeProvider.System);
        await using var plane = await TestPlane.StartAsync(tls);
        var options = new WorkerAgentOptions { GateListen = "127.0.0.1:0", DataDirectory = data.Path, Tls = certificates.Of(Role.Worker, "worker-1"), PlaneAddresses = { plane.Address } };
        var refusals = new Refusals();
        await using (var worker = WorkerHost.Build(options, builder => builder.Logging.ClearProviders().AddProvider(refusals)))
        {
            await worker.StartAsync(TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(() => refusals.Seen, "the worker says whom it met instead");
        }

        Assert.Equal(0, plane.Sessions);
    }

    private sealed class Refusals : ILoggerProvider, ILogger
    {
        private volatile bool _seen;

        public bool Seen => _seen;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains("it is controlplane://tenant/mallory, and controlplane://replica/<name> is wanted", StringComparison.Ordinal))
            {
                _seen = true;
            }
        }

        public void Dispose()
        {
        }
    }
}
