// A deliberate bug is in force in the whole process, and an exploration uses every core that it may.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
