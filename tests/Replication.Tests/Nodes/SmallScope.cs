using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Replication.Nodes;

namespace ControlPlane.Replication.Tests.Nodes;

/// <summary>What may happen in an exploration, and how often.</summary>
internal sealed record ScopeBounds
{
    /// <summary>Steps of one history.</summary>
    public required int Depth { get; init; }

    /// <summary>Appends by whoever reigns.</summary>
    public int Appends { get; init; } = 1;

    /// <summary>Attempts of followers to come to reign.</summary>
    public int Stands { get; init; } = 1;

    /// <summary>Crashes: at any moment, or in the middle of the next step, with or without what was not flushed.</summary>
    public int Crashes { get; init; }

    /// <summary>Messages and register answers that are lost.</summary>
    public int Losses { get; init; }
}

/// <summary>
/// Every history of three replicas within bounds: all orders of messages, of the register's answers, of appends, attempts to reign, crashes and
/// losses. A history is replayed from the beginning for each of its continuations; states that were met before are not continued again.
/// </summary>
internal sealed class SmallScope(ScopeBounds bounds)
{
    private readonly HashSet<ulong> _met = [];
    private readonly List<string> _path = [];

    /// <summary>Different states met.</summary>
    public int States => _met.Count;

    /// <summary>Histories that came to their end: nothing more could happen.</summary>
    public int Ended { get; private set; }

    /// <summary>Histories cut off by <see cref="ScopeBounds.Depth"/>.</summary>
    public int CutOff { get; private set; }

    public void Explore()
    {
        var play = Replay();
        if (!_met.Add(play.Fingerprint()))
        {
            return;
        }

        var choices = play.Choices();
        if (choices.Count == 0)
        {
            Ended++;
            return;
        }

        if (_path.Count == bounds.Depth)
        {
            CutOff++;
            return;
        }

        foreach (var choice in choices)
        {
            _path.Add(choice);
            Explore();
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private Play Replay()
    {
        var play = new Play(bounds);
        try
        {
            foreach (var choice in _path)
            {
                play.Do(choice);
            }
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"after [{string.Join(", ", _path)}]: {failure.Message}", failure);
        }

        return play;
    }

    private sealed class Play
    {
        private readonly SimulatedCluster _cluster = new(3);
        private readonly ScopeBounds _bounds;
        private int _appends;
        private int _stands;
        private int _crashes;
        private int _losses;

        public Play(ScopeBounds bounds)
        {
            _bounds = bounds;
            var writer = _cluster.Replicas[0];
            _cluster.Run(writer, node => node.Stand(writer.Now));
            _cluster.Settle();
            _cluster.Run(writer, _ => writer.Append([0]));
            _cluster.Settle();

            // The writer was paused for longer than its lease: whoever stands finds nobody who hears it, until it says the next word.
            _cluster.Now += _cluster.Timings.Lease * 2;
        }

        public List<string> Choices()
        {
            var choices = new List<string>();
            foreach (var message in _cluster.Next())
            {
                choices.Add($"deliver {message.From.Value} {message.To.Value}");
                Add(choices, _losses < _bounds.Losses, $"lose {message.From.Value} {message.To.Value}");
            }

            for (var i = 0; i < _cluster.Answers.Count; i++)
            {
                choices.Add($"answer {i}");
                Add(choices, _losses < _bounds.Losses, $"unanswered {i}");
            }

            foreach (var replica in _cluster.Replicas)
            {
                var node = replica.Node;
                Add(choices, node is null, $"restart {replica.Id.Value}");
                Add(choices, node?.Sequencer is not null && _appends < _bounds.Appends, $"append {replica.Id.Value}");
                Add(choices, node is { Role: NodeRole.Follower } && _stands < _bounds.Stands, $"stand {replica.Id.Value}");
                Add(choices, node is not null && _crashes < _bounds.Crashes, $"crash {replica.Id.Value}");
            }

            Add(choices, _crashes < _bounds.Crashes && _cluster.StorageCallsLeft is null, "crash-within 0");
            Add(choices, _crashes < _bounds.Crashes && _cluster.StorageCallsLeft is null, "crash-within 1");
            return choices;
        }

        public void Do(string choice)
        {
            var words = choice.Split(' ');
            var number = ulong.Parse(words[1], CultureInfo.InvariantCulture);
            var replica = new ReplicaId(number);
            switch (words[0])
            {
                case "deliver":
                    _cluster.Deliver(First(words));
                    break;
                case "lose":
                    _losses++;
                    _cluster.Messages.Remove(First(words));
                    break;
                case "answer":
                    _cluster.Answer(_cluster.Answers[(int)number]);
                    break;
                case "unanswered":
                    _losses++;
                    _cluster.Answer(_cluster.Answers[(int)number], unknown: true);
                    break;
                case "restart":
                    _cluster.Start(_cluster[replica]);
                    break;
                case "append":
                    _appends++;
                    _cluster.Run(_cluster[replica], _ => _cluster[replica].Append([(byte)_appends]));
                    break;
                case "stand":
                    _stands++;
                    _cluster[replica].Note("stand", number);
                    _cluster.Run(_cluster[replica], node => node.Stand(_cluster[replica].Now));
                    break;
                case "crash":
                    _crashes++;
                    _cluster[replica].Crash(0);
                    break;
                default:
                    _crashes++;
                    _cluster.StorageCallsLeft = (int)number;
                    break;
            }
        }

        /// <summary>Equal for states with equal futures: a node is a function of its inputs, and the rest is written out.</summary>
        public ulong Fingerprint()
        {
            var text = string.Join('|', _cluster.Replicas.Select(r => r.History.ToString(CultureInfo.InvariantCulture))
                .Concat(_cluster.Messages.OrderBy(m => (m.From, m.To).ToString(), StringComparer.Ordinal).Select(SimulatedReplica.Describe))
                .Concat(_cluster.Answers.Select(a => $"{a.Asker.Id}/{a.Incarnation}/{a.What}"))
                .Append($"{_cluster.Configuration?.Current?.Epoch} {_cluster.Configuration?.Current?.Writer} {_cluster.StorageCallsLeft} {_appends} {_stands} {_crashes} {_losses}"));
            return System.IO.Hashing.XxHash64.HashToUInt64(System.Text.Encoding.UTF8.GetBytes(text));
        }

        private InFlight First(string[] words)
        {
            var from = new ReplicaId(ulong.Parse(words[1], CultureInfo.InvariantCulture));
            var to = new ReplicaId(ulong.Parse(words[2], CultureInfo.InvariantCulture));
            return _cluster.Next().First(message => message.From == from && message.To == to);
        }

        private static void Add(List<string> choices, bool possible, string choice)
        {
            if (possible)
            {
                choices.Add(choice);
            }
        }
    }
}
