using System.Net;
using System.Net.Sockets;
using ControlPlane.Bench.Load;
using ControlPlane.Bench.Nodes;

namespace ControlPlane.Bench.Replicated;

/// <summary>
/// The least that a durable answer over a connection can cost: a blocking thread that reads what has arrived, writes it, syncs once, and
/// sends it back. One connection at a time; ends when its standard input does.
/// </summary>
internal static class EchoServer
{
    /// <summary>The hidden command that the child runs.</summary>
    public const string Command = "echo-for-bench";

    private const int FramesMax = 1024;

    public static int Run(string file, int bytes)
    {
        using var disk = new DataSync(file, bytes);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        new Thread(() => Accept(listener, disk, bytes)) { IsBackground = true }.Start();
        Console.WriteLine($"{NodeProcess.AddressPrefix}tcp://{listener.LocalEndPoint}");
        while (Console.In.ReadLine() is not null)
        {
        }

        return 0;
    }

    private static void Accept(Socket listener, DataSync disk, int bytes)
    {
        var frames = new byte[FramesMax * bytes];
        while (true)
        {
            using var client = listener.Accept();
            client.NoDelay = true;
            try
            {
                while (EchoFrames.Receive(client, frames, bytes) is > 0 and var length)
                {
                    disk.WriteAndSync(frames.AsSpan(0, length));
                    client.Send(frames.AsSpan(0, length));
                }
            }
            catch (SocketException)
            {
                // The client hung up in the middle of a call: its measurement is over.
            }
        }
    }
}

/// <summary>Frames of a fixed size.</summary>
internal static class EchoFrames
{
    /// <summary>Blocks for what has arrived, and on for the rest of its last frame. 0 = the other side has closed.</summary>
    public static int Receive(Socket socket, byte[] buffer, int frame)
    {
        var length = socket.Receive(buffer);
        while (length > 0 && length % frame != 0)
        {
            var more = socket.Receive(buffer.AsSpan(length));
            if (more == 0)
            {
                return 0;
            }

            length += more;
        }

        return length;
    }
}
