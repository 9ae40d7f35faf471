using Microsoft.Extensions.Logging;

namespace ControlPlane.Worker.Tests.Support;

/// <summary>Puts an agent's warnings and errors into the test's own output, where they are read when it fails.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Write($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }

    /// <param name="line">Null at the end of a process's output.</param>
    public void Write(string? line)
    {
        try
        {
            _output?.WriteLine(line ?? "");
        }
        catch (InvalidOperationException)
        {
            // The test is over and takes no more output; its agent is being stopped.
        }
    }

    public void Dispose()
    {
    }
}
