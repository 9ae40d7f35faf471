using System.Diagnostics;

namespace ControlPlane.Bench.Nodes;

/// <summary>
/// A server in a process of its own (a node, most often), so that its CPU time can be told from the generator's. It ends with this
/// process: it serves until its standard input closes.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Its process.</summary>
    public int Id => _process.Id;

    /// <summary>CPU time that it has used.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts this program with a hidden command; on return it listens.</summary>
    public static async Task<NodeProcess> StartAsync(IEnumerable<string> command, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(NodeProcess).Assembly.Location);
        }

        foreach (var argument in command)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The node's process did not start.");
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                if (line.StartsWith(AddressPrefix, StringComparison.Ordinal))
                {
                    return new NodeProcess(process, new Uri(line[AddressPrefix.Length..]));
                }
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        throw new InvalidOperationException("The node ended before it listened; its messages are above.");
    }

    /// <summary>What a child prints, followed by its address, once it listens.</summary>
    public const string AddressPrefix = "listening on ";

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
