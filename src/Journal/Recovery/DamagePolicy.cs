namespace ControlPlane.Journal.Recovery;

/// <summary>What opening a replica does about damage of the journal's content.</summary>
public enum DamagePolicy
{
    /// <summary>Refuse: for a replica set of one, where nobody else has what is damaged.</summary>
    Refuse,

    /// <summary>
    /// Roll back to the last whole append that verifies, set what lies behind aside, and say durably that the replica is not whole: for a
    /// replica among several, which gets the rest again from the others. What the register closed is then an upper limit only: a replica
    /// that was away has less, and that is no damage.
    /// </summary>
    RollBack,
}
