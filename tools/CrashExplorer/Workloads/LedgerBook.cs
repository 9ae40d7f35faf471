namespace ControlPlane.CrashExplorer.Workloads;

/// <summary>The ledger at each moment of a run.</summary>
internal sealed class LedgerBook
{
    private readonly List<(int Prefix, Ledger Ledger)> _pages = [(0, new Ledger())];

    public Ledger Last => _pages[^1].Ledger;

    /// <summary>From <paramref name="prefix"/> changes on.</summary>
    public void Add(int prefix, Ledger ledger) => _pages.Add((prefix, ledger with { Version = _pages.Count }));

    /// <summary>What is known outside when the disk has made <paramref name="prefix"/> changes.</summary>
    public Ledger At(int prefix) => _pages.FindLast(page => page.Prefix <= prefix).Ledger;

    /// <summary>True if something was told or asked for exactly then.</summary>
    public bool ChangesAt(int prefix) => _pages.Exists(page => page.Prefix == prefix);
}
