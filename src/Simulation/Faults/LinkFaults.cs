using System.Globalization;

namespace ControlPlane.Simulation.Faults;

/// <summary>Faults of links: which ones a partition cuts, and what weather lies over them.</summary>
internal sealed class LinkFaults(World world)
{
    /// <summary>Begins; <paramref name="last"/> ends it after its time. False if there is no such link.</summary>
    public bool Begin(Fault fault, Action<Fault, Action> last)
    {
        var links = LinksOf(fault).Where(link => link.From != link.To).ToList();
        if (links.Count == 0)
        {
            return false;
        }

        if (fault.Kind == FaultKind.Reset)
        {
            world.Network.Break(links[0].From, links[0].To);
            return true;
        }

        if (fault.Kind == FaultKind.Flapping)
        {
            Flap(fault, links, last, fault.Amount);
            return true;
        }

        Lay(fault, links, last);
        return true;
    }

    private void Lay(Fault fault, List<(int From, int To)> links, Action<Fault, Action> last)
    {
        foreach (var (from, to) in links)
        {
            world.Network[from, to].Begin(fault);
            if (IsCut(fault) && fault.Amount > 0)
            {
                world.Network.Break(from, to);
            }
        }

        last(fault, () =>
        {
            foreach (var (from, to) in links)
            {
                world.Network[from, to].End(fault);
            }
        });
    }

    private void Flap(Fault fault, List<(int From, int To)> links, Action<Fault, Action> last, long left)
    {
        if (left > 0)
        {
            var part = fault with { At = world.Agenda.Now, Duration = fault.Duration / fault.Amount / 2 };
            Lay(part, links, last);
            world.Agenda.In(2 * part.Duration, () => Flap(fault, links, last, left - 1));
        }
    }

    private static bool IsCut(Fault fault) =>
        fault.Kind is FaultKind.Isolate or FaultKind.Halves or FaultKind.Bridge or FaultKind.Ring or FaultKind.OneWay or FaultKind.Flapping;

    private IEnumerable<(int From, int To)> LinksOf(Fault fault)
    {
        var nodes = world.Nodes.Count;
        bool IsIn(int node) => (fault.Other & (1 << node)) != 0;
        return fault.Kind switch
        {
            FaultKind.Isolate => Pairs(nodes, (a, b) => a == fault.Target || b == fault.Target),
            FaultKind.Halves => Pairs(nodes, (a, b) => IsIn(a) != IsIn(b)),
            FaultKind.Bridge => Pairs(nodes, (a, b) => a != fault.Target && b != fault.Target && IsIn(a) != IsIn(b)),
            FaultKind.Ring => Pairs(nodes, (a, b) => (a + 1) % nodes != b && (b + 1) % nodes != a),
            FaultKind.OneWay or FaultKind.Clog or FaultKind.Delay or FaultKind.Loss or FaultKind.Duplication or FaultKind.Reordering =>
                [(fault.Target, fault.Other % nodes)],
            FaultKind.Flapping or FaultKind.Reset => Pairs(nodes, (a, b) => (a == fault.Target && b == fault.Other % nodes) || (b == fault.Target && a == fault.Other % nodes)),
            _ => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{fault.Kind} is no fault of a link"), nameof(fault)),
        };
    }

    private static IEnumerable<(int From, int To)> Pairs(int nodes, Func<int, int, bool> isMeant)
    {
        for (var from = 0; from < nodes; from++)
        {
            for (var to = 0; to < nodes; to++)
            {
                if (from != to && isMeant(from, to))
                {
                    yield return (from, to);
                }
            }
        }
    }
}
