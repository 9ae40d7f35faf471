using System.IO.Pipelines;
using ControlPlane.Runtime.Peers;

namespace ControlPlane.Runtime.Tests.Peers;

/// <summary>Two ends of a connection that exists in memory only. It holds 64 KiB in each direction, like a socket that is not read.</summary>
internal sealed class PipePair
{
    private readonly Pipe _there = new();
    private readonly Pipe _back = new();

    public PipePair() => (Near, Far) = (End(_back.Reader, _there.Writer), End(_there.Reader, _back.Writer));

    public PeerChannel Near { get; }

    public PeerChannel Far { get; }

    private PeerChannel End(PipeReader input, PipeWriter output) => new(new Duplex(input, output), Abort);

    private void Abort()
    {
        foreach (var pipe in (Pipe[])[_there, _back])
        {
            pipe.Reader.CancelPendingRead();
            pipe.Writer.CancelPendingFlush();
        }
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
