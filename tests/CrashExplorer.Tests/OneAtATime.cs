// A deliberate bug is in force in the whole process, and an exploration uses every core that it may.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
