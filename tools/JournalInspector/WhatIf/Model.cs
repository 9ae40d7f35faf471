using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>A host in the model.</summary>
internal sealed class ModelWorker(string name)
{
    public string Name { get; } = name;

    public uint CapacitySandboxes { get; set; }

    public uint CapacityMemoryMib { get; set; }

    public ulong MemoryMib { get; set; }

    public bool TakesNew { get; set; } = true;

    public bool Drains { get; set; }

    public bool IsLost { get; set; }

    public List<ModelSandbox> Sandboxes { get; } = [];

    public bool Fits(ModelFunction function) =>
        TakesNew && !IsLost && Sandboxes.Count < CapacitySandboxes && MemoryMib + function.MemoryMib <= CapacityMemoryMib;
}

/// <summary>A function version in the model.</summary>
internal sealed class ModelFunction(ulong position)
{
    public ulong Position { get; } = position;

    public uint MemoryMib { get; init; }

    public uint WarmTarget { get; init; }

    public TimeSpan IdleTimeout { get; init; }

    public bool IsCurrent { get; set; } = true;

    /// <summary>Booted and unleased, the least recently used first.</summary>
    public List<ModelSandbox> Free { get; } = [];

    /// <summary>Booting for nobody in particular, in the order in which they will be ready.</summary>
    public List<ModelSandbox> Starting { get; } = [];
}

/// <summary>A slot in the model.</summary>
internal sealed class ModelSandbox(ModelWorker worker, ModelFunction function)
{
    public ModelWorker Worker { get; } = worker;

    public ModelFunction Function { get; } = function;

    public JournalTime ReadyAt { get; set; }

    public JournalTime FreedAt { get; set; }

    public ulong? Lease { get; set; }

    public ulong Tenant { get; set; }
}
