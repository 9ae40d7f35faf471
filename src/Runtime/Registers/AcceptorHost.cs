using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Register;
using ControlPlane.Primitives;
using ControlPlane.Replication.Messages;
using ControlPlane.Replication.Registers;

namespace ControlPlane.Runtime.Registers;

/// <summary>
/// A replica's acceptor with its store. Guarantee: a reply is returned only when what it tells is durable. Calls are serialized and wait
/// for the disk on the caller's thread. The first storage fault is final: the acceptor answers nothing more, the process is expected to end.
/// </summary>
public sealed class AcceptorHost(ReplicaId self, AcceptorStore store) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Acceptor _acceptor = new(self, store.State);
    private StorageFaultException? _fault;
    private bool _isDisposed;

    /// <summary>What it holds, durably.</summary>
    public AcceptorState State
    {
        get
        {
            lock (_gate)
            {
                return store.State;
            }
        }
    }

    /// <summary>True for the messages that belong here.</summary>
    public static bool Takes(PeerMessage message) => Acceptor.Takes(message);

    /// <summary>The reply for <paramref name="from"/>, to be sent back the way the message came.</summary>
    /// <exception cref="StorageFaultException">The state could not be made durable, now or earlier; there is no reply.</exception>
    public PeerMessage Handle(ReplicaId from, PeerMessage message)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_fault is { } fault)
            {
                throw new StorageFaultException(fault.Operation, fault.Reason, fault);
            }

            var answer = _acceptor.Handle(message);
            if (answer.ToStore is { } state)
            {
                try
                {
                    store.Store(state);
                }
                catch (StorageFaultException storing)
                {
                    _fault = storing;
                    throw;
                }
            }

            return answer.Reply;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            store.Dispose();
        }
    }
}
