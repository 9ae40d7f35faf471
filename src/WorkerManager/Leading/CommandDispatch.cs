using ControlPlane.WorkerManager.Commands;

namespace ControlPlane.WorkerManager;

/// <summary>Which decision answers which command.</summary>
internal static class CommandDispatch
{
    public static void Decide(Reign reign, Command command)
    {
        switch (command)
        {
            case Allocate allocate: Allocation.Decide(reign, allocate); break;
            case Release release: Releasing.Decide(reign, release); break;
            case Renew renew: Renewal.Decide(reign, renew); break;
            case AllocateBatch batch: Batch.Decide(reign, batch); break;
            case LookupRequest lookup: RequestQueries.Decide(reign, lookup); break;
            case CancelRequest cancel: RequestQueries.Decide(reign, cancel); break;
            case CallerGone gone: RequestQueries.Decide(reign, gone); break;
            case Explain explain: Explanation.Decide(reign, explain); break;
            case Tick: DueTimers.Run(reign); break;
            case WorkerConnected connected: Connection.Decide(reign, connected); break;
            case WorkerDisconnected disconnected: Connection.Decide(reign, disconnected); break;
            case SandboxBecameReady ready: SandboxEvents.Decide(reign, ready); break;
            case SandboxDied died: SandboxEvents.Decide(reign, died); break;
            case GrantConfirmed confirmed: Confirmation.Decide(reign, confirmed); break;
            case FloorAcknowledged floor: FenceFloor.Decide(reign, floor); break;
            case InventoryReported inventory: Inventory.Decide(reign, inventory); break;
            case Heartbeat heartbeat: Silence.Decide(reign, heartbeat); break;
            case DeployFunction deploy: FunctionOrders.Decide(reign, deploy); break;
            case DeleteFunction delete: FunctionOrders.Decide(reign, delete); break;
            case CordonWorker cordon: WorkerOrders.Decide(reign, cordon); break;
            case UncordonWorker uncordon: WorkerOrders.Decide(reign, uncordon); break;
            case DrainWorker drain: WorkerOrders.Decide(reign, drain); break;
            case SetTenantLimit limit: SettingsOrders.Decide(reign, limit); break;
            case SetSettings settings: SettingsOrders.Decide(reign, settings); break;
            default: throw new ArgumentOutOfRangeException(nameof(command), command, "No decision answers this command.");
        }
    }
}
