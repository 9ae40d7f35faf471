using System.Globalization;

namespace ControlPlane.WorkerManager;

/// <summary>Names one call that waits for an answer; chosen by the shell, unique while the call is open.</summary>
public readonly record struct CallId(ulong Value)
{
    /// <summary>Decimal digits.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
