#if MUTANTS
namespace ControlPlane.Primitives;

/// <summary>
/// The deliberately seeded bug that is switched on, in a build that has them (<c>-p:Mutants=true</c>): each must be caught, or what is said to check
/// the code does not. No other build contains this type, its hooks or their names.
/// </summary>
public static class Mutant
{
    private static string? _active;

    /// <summary>Switches one on; null switches it off.</summary>
    public static void Activate(string? name) => _active = name;

    /// <summary>True if this one is on.</summary>
    public static bool Is(string name) => _active == name;
}
#endif
