using ControlPlane.Simulator.App;

namespace ControlPlane.Simulator.Mutating;

/// <summary>Switches a mutant on until it is disposed; only a build for mutants has any.</summary>
internal sealed class ActiveMutant : IDisposable
{
    /// <summary>True if this build has mutants.</summary>
#if MUTANTS
    public static bool AreBuilt => true;
#else
    public static bool AreBuilt => false;
#endif

    /// <summary>Switches one on; none if the name is null.</summary>
    /// <exception cref="UsageException">This build has none.</exception>
    public static ActiveMutant Choose(string? name)
    {
        if (name is not null && !AreBuilt)
        {
            throw new UsageException("this build has no mutants: dotnet run --project tools/Simulator -p:Mutants=true -- ...");
        }

#if MUTANTS
        Primitives.Mutant.Activate(name);
#endif
        return new ActiveMutant();
    }

    public void Dispose()
    {
#if MUTANTS
        Primitives.Mutant.Activate(null);
#endif
    }
}
