using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Bench.Peers;

/// <summary>The floor: two threads that block on their sockets, frames of a fixed size, nothing decoded.</summary>
internal sealed class RawSocketPath : IPeerPath
{
    private const int AppendBytes = 270;
    private const int AnswerBytes = 70;

    public string Name => "raw sockets, blocking threads";

    public async Task<PeerFigures> RunAsync(int depth, TimeSpan duration)
    {
        var (dialled, accepted) = Connect();
        using var disposesDialled = dialled;
        using var disposesAccepted = accepted;
        long batches = 0;
        var follower = new Thread(() => batches = Follow(accepted));
        follower.Start();
        var window = new PeerWindow(depth, duration);
        var writer = new Thread(() => Write(dialled, window, depth));
        writer.Start();
        await window.Done;
        var figures = window.Figures(batches: 1);
        dialled.Shutdown(SocketShutdown.Both);
        writer.Join();
        follower.Join();
        return figures with { PerBatch = figures.PerBatch / batches };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Without a task: a socket that once was used asynchronously does not block any more, and is slower.</summary>
    private static (Socket Dialled, Socket Accepted) Connect()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var dialled = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        dialled.Connect(listener.LocalEndPoint!);
        var accepted = listener.Accept();
        accepted.NoDelay = true;
        return (dialled, accepted);
    }

    private static void Write(Socket socket, PeerWindow window, int depth)
    {
        var frames = new byte[AppendBytes * depth];
        var answer = new byte[AnswerBytes * depth];
        var acknowledged = 0UL;
        while (!window.Done.IsCompleted)
        {
            var more = window.Acknowledge(acknowledged);
            for (var i = 0; i < more; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(frames.AsSpan(i * AppendBytes), window.Send());
            }

            if (more > 0)
            {
                socket.Send(frames.AsSpan(0, more * AppendBytes));
            }
            else if (window.Done.IsCompleted)
            {
                return;
            }

            var length = socket.Receive(answer);
            while (length > 0 && length % AnswerBytes != 0)
            {
                length += socket.Receive(answer.AsSpan(length));
            }

            if (length == 0)
            {
                return;
            }

            acknowledged = BinaryPrimitives.ReadUInt64LittleEndian(answer.AsSpan(length - AnswerBytes));
        }
    }

    private static long Follow(Socket socket)
    {
        var frames = new byte[64 * 1024 / AppendBytes * AppendBytes];
        var answer = new byte[AnswerBytes];
        long batches = 0;
        while (true)
        {
            var length = socket.Receive(frames);
            while (length > 0 && length % AppendBytes != 0)
            {
                length += socket.Receive(frames.AsSpan(length));
            }

            if (length == 0)
            {
                return batches;
            }

            frames.AsSpan(length - AppendBytes, sizeof(ulong)).CopyTo(answer);
            socket.Send(answer);
            batches++;
        }
    }
}
