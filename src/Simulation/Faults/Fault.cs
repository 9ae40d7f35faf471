using System.Globalization;
using System.Text;
using ControlPlane.Simulation.Time;

namespace ControlPlane.Simulation.Faults;

/// <summary>A fault, said concretely enough to happen again: what, when, to whom, for how long and how hard.</summary>
/// <param name="At">Virtual nanoseconds since the beginning.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">Node or worker, from 0. Negative: the leader of that moment; when it has happened, the node that it was.</param>
/// <param name="Other">The other end of a link, or a set of nodes as bits; see <see cref="FaultKind"/>.</param>
/// <param name="Duration">Virtual nanoseconds.</param>
/// <param name="Amount">How hard.</param>
public sealed record Fault(long At, FaultKind Kind, int Target, int Other = 0, long Duration = 0, long Amount = 0)
{
    /// <summary>As <see cref="Target"/>: whoever leads when it happens.</summary>
    public const int Leader = -1;

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Durations.Show(At)} {Kind} of {(Target == Leader ? "the leader" : Target.ToString(CultureInfo.InvariantCulture))}");
        if (Other != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", other {Other}");
        }

        if (Duration != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", for {Durations.Show(Duration)}");
        }

        if (Amount != 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", amount {Amount}");
        }

        return text.ToString();
    }
}
