using System.Globalization;

namespace ControlPlane.WorkerManager;

/// <summary>Names one open connection of a worker; chosen by the shell, never reused within a process.</summary>
public readonly record struct SessionId(ulong Value)
{
    /// <summary>Decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
