using System.Globalization;

namespace ControlPlane.Worker.Processes;

/// <summary>How a process ended.</summary>
/// <param name="Code">What it exited with; zero if a signal ended it.</param>
/// <param name="Signal">What ended it; zero if it exited.</param>
internal readonly record struct ExitStatus(int Code, int Signal)
{
    private const int Exited = 1;

    /// <summary>Someone else took the status: a host that ignores or reaps its children.</summary>
    public static readonly ExitStatus Unknown = new(-1, -1);

    /// <summary>
    /// How our child ended, which stays a zombie: its number is still taken, so that whatever is looked for or signalled by
    /// that number is ours. False if it has not ended.
    /// </summary>
    public static unsafe bool TryPeek(int pid, out ExitStatus status)
    {
        // siginfo_t, 128 bytes: code at byte 8, pid at 16, status at 24 on every 64-bit Linux.
        var info = stackalloc int[32];
        var result = Posix.WaitId(Posix.WaitForPid, pid, info, Posix.WaitExited | Posix.WaitNoHang | Posix.WaitLeaveZombie);
        status = (result, info[2]) switch
        {
            ( < 0, _) => Unknown,
            (_, Exited) => new ExitStatus(info[6], 0),
            _ => new ExitStatus(0, info[6]),
        };
        return result < 0 || info[4] == pid;
    }

    /// <summary>"exited with code 1" or "killed by signal 9".</summary>
    public override string ToString() => this switch
    {
        _ when this == Unknown => "ended, how is not known",
        { Signal: 0 } => string.Create(CultureInfo.InvariantCulture, $"exited with code {Code}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"killed by signal {Signal}"),
    };
}
