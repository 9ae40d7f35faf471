using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Runtime.Tests.Registers;

/// <summary>
/// One etcd process. It runs beside a small shell that waits for the end of its own standard input, which is held by the test's process:
/// however that ends, the shell sees it and kills etcd.
/// </summary>
internal sealed class EtcdMember : IDisposable
{
    private const string Watch = """exec 3>&1; etcd "$@" >"$LOG" 2>&1 3>&- </dev/null & member=$!; echo $member >&3; exec 3>&-; cat >/dev/null; kill -9 $member 2>/dev/null; wait $member 2>/dev/null""";
    private readonly Process _shell;
    private readonly int _member;

    private EtcdMember(Process shell, int member)
    {
        _shell = shell;
        _member = member;
    }

    public static async Task<EtcdMember> StartAsync(string log, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, ArgumentList = { "-c", Watch, "etcd" } };
        start.Environment["LOG"] = log;
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var shell = Process.Start(start)!;
        var line = await shell.StandardOutput.ReadLineAsync(cancellation);
        return new EtcdMember(shell, int.Parse(line!, CultureInfo.InvariantCulture));
    }

    /// <summary>SIGKILL, and waits until it is gone.</summary>
    public void Kill()
    {
        _shell.StandardInput.Close();
        _shell.WaitForExit();
    }

    /// <summary>True while the process is there.</summary>
    public bool IsRunning
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(_member);
                return !process.HasExited;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    public void Dispose()
    {
        if (!_shell.HasExited)
        {
            Kill();
        }

        _shell.Dispose();
    }
}
