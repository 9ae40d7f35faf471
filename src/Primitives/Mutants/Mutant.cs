namespace ControlPlane.Primitives;

/// <summary>
/// Deliberate bugs, named, for testing the tests: each must be caught. They exist only in builds with <c>/p:Mutants=true</c>; in any other
/// <see cref="Is"/> is the constant false, and the compiler of the machine code removes what it guards.
/// </summary>
public static class Mutant
{
#if MUTANTS
    /// <summary>The bug that is in force in this process; null: none. From the variable <c>CONTROLPLANE_MUTANT</c>, until a test sets it.</summary>
    public static string? Active { get; set; } = Environment.GetEnvironmentVariable("CONTROLPLANE_MUTANT");

    /// <summary>True if the program was built with its deliberate bugs.</summary>
    public static bool Exist => true;

    /// <summary>True if the bug <paramref name="name"/> is in force.</summary>
    public static bool Is(string name) => Active == name;
#else
    /// <summary>True if the program was built with its deliberate bugs.</summary>
    public static bool Exist => false;

    /// <summary>True if the bug <paramref name="name"/> is in force: never, in this build.</summary>
    public static bool Is(string name) => false;
#endif
}
