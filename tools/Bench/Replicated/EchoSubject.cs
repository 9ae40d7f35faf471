using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ControlPlane.Bench.Load;
using ControlPlane.Bench.Nodes;

namespace ControlPlane.Bench.Replicated;

/// <summary>The floor: <see cref="EchoServer"/> in a process of its own, asked over bare sockets.</summary>
internal sealed class EchoSubject : ISubject
{
    private readonly NodeProcess _server;
    private readonly int _bytes;
    private Socket? _socket;

    private EchoSubject(NodeProcess server, int bytes) => (_server, _bytes) = (server, bytes);

    public string Name => "echo + data sync";

    public IReadOnlyList<int> Processes => [_server.Id];

    public static async Task<EchoSubject> StartAsync(string directory, int bytes, CancellationToken cancellation) => new(
        await NodeProcess.StartAsync([EchoServer.Command, Path.Combine(directory, "echo"), bytes.ToString(CultureInfo.InvariantCulture)], cancellation), bytes);

    public Task<ILoad> ConnectAsync(int concurrency, CancellationToken cancellation)
    {
        _socket?.Dispose();
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, _server.Address.Port));
        return Task.FromResult<ILoad>(concurrency == 1 ? new Blocking(_socket, _bytes) : new Pipelined(_socket, _bytes));
    }

    public async ValueTask DisposeAsync()
    {
        _socket?.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>One client, on its own thread.</summary>
    private sealed class Blocking(Socket socket, int bytes) : ILoad
    {
        private readonly byte[] _frame = new byte[bytes];

        public string Name => "echo";

        public Task<TimeSpan> CycleAsync(int client)
        {
            var start = Stopwatch.GetTimestamp();
            RoundTrip();
            return Task.FromResult(Stopwatch.GetElapsedTime(start));
        }

        private void RoundTrip()
        {
            socket.Send(_frame);
            EchoFrames.Receive(socket, _frame, bytes);
        }
    }

    /// <summary>Many clients on one connection: answers come in the order of the requests.</summary>
    private sealed class Pipelined : ILoad
    {
        private const int AnswersMax = 1024;
        private readonly Queue<TaskCompletionSource> _waiting = new();
        private readonly Socket _socket;
        private readonly byte[] _frame;

        public Pipelined(Socket socket, int bytes)
        {
            _socket = socket;
            _frame = new byte[bytes];
            new Thread(Receive) { IsBackground = true }.Start();
        }

        public string Name => "echo";

        public async Task<TimeSpan> CycleAsync(int client)
        {
            var start = Stopwatch.GetTimestamp();
            var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Send(answer);
            await answer.Task;
            return Stopwatch.GetElapsedTime(start);
        }

        private void Send(TaskCompletionSource answer)
        {
            lock (_waiting)
            {
                _waiting.Enqueue(answer);
                _socket.Send(_frame);
            }
        }

        private void Receive()
        {
            var answers = new byte[AnswersMax * _frame.Length];
            try
            {
                while (EchoFrames.Receive(_socket, answers, _frame.Length) is > 0 and var length)
                {
                    lock (_waiting)
                    {
                        for (var i = 0; i < length / _frame.Length; i++)
                        {
                            _waiting.Dequeue().SetResult();
                        }
                    }
                }
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
                // The measurement is over.
            }
        }
    }
}
