using ControlPlane.Primitives;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.WorkerManager;

/// <summary>The one door through which the state changes: entry in, tables changed, nothing else looked at.</summary>
internal static class EntryApplication
{
    public static void Apply(PartitionState state, in EntryContext context, Entry entry)
    {
        CheckOrder(state, context);
        ApplyKind(state, context, entry);
        Move(state, context);
        state.Requests.Prune(state, context.Time);
    }

    /// <summary>An entry that belongs to the journal itself.</summary>
    public static void Skip(PartitionState state, in EntryContext context)
    {
        CheckOrder(state, context);
        Move(state, context);
    }

    private static void CheckOrder(PartitionState state, in EntryContext context)
    {
        Invariant.Check(context.Position == state.Applied.Next, "entries are applied densely");
        Invariant.Check(context.Epoch >= state.Epoch, "epochs never go back");
        Invariant.Check(context.Time >= state.Time, "journal time never goes back");
    }

    private static void Move(PartitionState state, in EntryContext context)
    {
        state.Applied = context.Position;
        state.Time = context.Time;
    }

    private static void ApplyKind(PartitionState state, in EntryContext context, Entry entry)
    {
        switch (entry.KindCase)
        {
            case Entry.KindOneofCase.LeadershipClaimed: PartitionChanges.Apply(state, context, entry.LeadershipClaimed); break;
            case Entry.KindOneofCase.SettingsChanged: PartitionChanges.Apply(state, entry.SettingsChanged); break;
            case Entry.KindOneofCase.StateHashed: PartitionChanges.Apply(state, context, entry.StateHashed); break;
            case Entry.KindOneofCase.TenantAdded: TenantChanges.Apply(state, context, entry.TenantAdded); break;
            case Entry.KindOneofCase.TenantLimitSet: TenantChanges.Apply(state, entry.TenantLimitSet); break;
            case Entry.KindOneofCase.FunctionDeployed: Deployment.Apply(state, context, entry.FunctionDeployed); break;
            case Entry.KindOneofCase.FunctionDeleted: Deployment.Apply(state, entry.FunctionDeleted); break;
            case Entry.KindOneofCase.WorkerRegistered: WorkerChanges.Apply(state, context, entry.WorkerRegistered); break;
            case Entry.KindOneofCase.WorkerLost: WorkerChanges.Apply(state, context, entry.WorkerLost); break;
            case Entry.KindOneofCase.WorkerCordoned: WorkerChanges.Apply(state, entry.WorkerCordoned); break;
            case Entry.KindOneofCase.WorkerUncordoned: WorkerChanges.Apply(state, entry.WorkerUncordoned); break;
            case Entry.KindOneofCase.WorkerDraining: WorkerChanges.Apply(state, context, entry.WorkerDraining); break;
            case Entry.KindOneofCase.SandboxCreated: SandboxLife.Apply(state, context, entry.SandboxCreated); break;
            case Entry.KindOneofCase.SandboxReady: SandboxLife.Apply(state, context, entry.SandboxReady); break;
            case Entry.KindOneofCase.SandboxRetired: SandboxLife.Apply(state, entry.SandboxRetired); break;
            case Entry.KindOneofCase.SandboxDied: SandboxLife.Apply(state, context, entry.SandboxDied); break;
            case Entry.KindOneofCase.SandboxFenced: SandboxLife.Apply(state, context, entry.SandboxFenced); break;
            case Entry.KindOneofCase.SandboxQuarantined: SandboxLife.Apply(state, context, entry.SandboxQuarantined); break;
            case Entry.KindOneofCase.LeaseGranted: Grants.Apply(state, context, entry.LeaseGranted); break;
            case Entry.KindOneofCase.LeaseConfirmed: LeaseChanges.Apply(state, entry.LeaseConfirmed); break;
            case Entry.KindOneofCase.LeaseRenewed: LeaseChanges.Apply(state, entry.LeaseRenewed); break;
            case Entry.KindOneofCase.LeaseReleased: LeaseChanges.Apply(state, context, entry.LeaseReleased); break;
            case Entry.KindOneofCase.LeaseExpired: LeaseChanges.Apply(state, context, entry.LeaseExpired); break;
            default: throw new UnknownEntryException(context.Position);
        }
    }
}
