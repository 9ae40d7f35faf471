using Microsoft.Extensions.Logging;

namespace ControlPlane.Security.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class TestLog : ILogger
{
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    public IReadOnlyList<string> Warnings => [.. _lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Text)];

    public IReadOnlyList<string> Transitions => [.. _lines.Where(line => line.Level == LogLevel.Information).Select(line => line.Text)];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add((logLevel, formatter(state, exception)));
}
