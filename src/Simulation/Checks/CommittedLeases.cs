using ControlPlane.Primitives;
using ControlPlane.Primitives.Entries;
using ControlPlane.Simulation.Time;
using ControlPlane.Verification.Histories;
using ControlPlane.WorkerManager.Entries;

namespace ControlPlane.Simulation.Checks;

/// <summary>
/// The committed journal read by a model of leases that shares nothing with the state machine: a sandbox is granted only while it is free and fenced, a
/// request once, an expiry comes when its time is over, and what ends has been held. Tells the history of leases that ended early, for causes
/// that their holders could not know.
/// </summary>
internal sealed class CommittedLeases(LeaseHistory history)
{
    private readonly Dictionary<ulong, Box> _boxes = [];
    private readonly Dictionary<ulong, Life> _lives = [];
    private readonly HashSet<UInt128> _requests = [];
    private readonly Dictionary<UInt128, ulong> _acknowledged = [];
    private JournalTime _reignBegan;

    /// <summary>Reads the next entry.</summary>
    /// <param name="stored">Its header.</param>
    /// <param name="payload">What the worker manager wrote.</param>
    /// <param name="committedAt">When it became committed.</param>
    public void Read(in EntryHeader stored, ReadOnlySpan<byte> payload, long committedAt)
    {
        if (stored.Type != EntryType.User)
        {
            return;
        }

        var entry = Entry.Parser.ParseFrom(payload);
        var position = stored.Sequence.Value;
        switch (entry.KindCase)
        {
            case Entry.KindOneofCase.LeadershipClaimed:
                _reignBegan = stored.Time;
                break;
            case Entry.KindOneofCase.SandboxCreated:
                _boxes.Add(position, new Box { Worker = entry.SandboxCreated.Worker });
                break;
            case Entry.KindOneofCase.LeaseGranted:
                Grant(position, stored.Time, entry.LeaseGranted);
                break;
            case Entry.KindOneofCase.LeaseRenewed:
                Renew(position, stored.Time, entry.LeaseRenewed);
                break;
            case Entry.KindOneofCase.LeaseReleased:
                var released = Held(position, entry.LeaseReleased.Lease);
                (_boxes[released.Sandbox].Holder, released.IsHeld) = (0, false);
                break;
            case Entry.KindOneofCase.LeaseExpired:
                Expire(position, stored.Time, entry.LeaseExpired, committedAt);
                break;
            case Entry.KindOneofCase.SandboxFenced:
                _boxes[entry.SandboxFenced.Sandbox].AwaitsFence = false;
                break;
            case Entry.KindOneofCase.SandboxRetired:
                _boxes[entry.SandboxRetired.Sandbox].IsOver = true;
                break;
            case Entry.KindOneofCase.SandboxQuarantined:
                Over(entry.SandboxQuarantined.Sandbox, committedAt);
                break;
            case Entry.KindOneofCase.SandboxDied:
                Over(entry.SandboxDied.Sandbox, committedAt);
                break;
            case Entry.KindOneofCase.WorkerRegistered:
                foreach (var kept in entry.WorkerRegistered.KeptSandboxes)
                {
                    _boxes[kept].Worker = position;
                }

                break;
            case Entry.KindOneofCase.WorkerLost:
                foreach (var sandbox in _boxes.Where(box => box.Value.Worker == entry.WorkerLost.Worker).Select(box => box.Key).Order().ToArray())
                {
                    Over(sandbox, committedAt);
                }

                break;
        }
    }

    private void Grant(ulong position, JournalTime time, LeaseGranted granted)
    {
        var box = _boxes[granted.Sandbox];
        if (box.Holder != 0 || box.AwaitsFence || box.IsOver)
        {
            throw Broken(position, $"sandbox {granted.Sandbox} is granted, but it is {(box.Holder != 0 ? $"held by lease {box.Holder}" : box.IsOver ? "over" : "not fenced since its last holder")}");
        }

        var client = new UInt128(granted.ClientHigh, granted.ClientLow);
        var acknowledged = _acknowledged.GetValueOrDefault(client);
        if (granted.RequestIndex == 0 && !_requests.Add(new UInt128(granted.RequestHigh, granted.RequestLow)) && granted.ClientSequence > acknowledged)
        {
            // What the client has acknowledged may be forgotten, and the client with its last request: a very late repetition is new then.
            throw Broken(position, "a request is granted a second time");
        }

        _acknowledged[client] = Math.Max(acknowledged, granted.ClientAcknowledged);

        box.Holder = position;
        _lives.Add(position, new Life(granted.Sandbox) { RunsFrom = time, TtlMs = granted.TtlMs });
    }

    private void Renew(ulong position, JournalTime time, LeaseRenewed renewed)
    {
        var life = Held(position, renewed.Lease);
        if (renewed.RenewSequence != life.Renewals + 1)
        {
            throw Broken(position, $"lease {renewed.Lease} is renewed as number {renewed.RenewSequence} after {life.Renewals}");
        }

        (life.Renewals, life.RunsFrom, life.TtlMs) = (renewed.RenewSequence, time, renewed.TtlMs);
    }

    private void Expire(ulong position, JournalTime time, LeaseExpired expired, long committedAt)
    {
        if (!_lives.TryGetValue(expired.Lease, out var life) || !life.IsHeld || life.Renewals != expired.RenewSequence)
        {
            return;
        }

        var from = JournalTime.Max(life.RunsFrom, _reignBegan);
        if (expired.Reason == EndReason.Ttl && time.Since(from) < TimeSpan.FromMilliseconds(life.TtlMs))
        {
            throw Broken(position, $"lease {expired.Lease} expires {time.Since(from).TotalMilliseconds} ms after its time began anew, and was to last {life.TtlMs} ms");
        }

        var box = _boxes[life.Sandbox];
        (box.Holder, box.AwaitsFence) = (0, true);
        if (expired.Reason is EndReason.Drained or EndReason.Cancelled)
        {
            EndsEarly(expired.Lease, committedAt);
        }

        life.IsHeld = false;
    }

    private void Over(ulong sandbox, long committedAt)
    {
        if (_boxes.TryGetValue(sandbox, out var box) && !box.IsOver)
        {
            box.IsOver = true;
            if (box.Holder != 0)
            {
                EndsEarly(box.Holder, committedAt);
                _lives[box.Holder].IsHeld = false;
                box.Holder = 0;
            }
        }
    }

    // As if somebody had tried to give it back then: it may be over from here on.
    private void EndsEarly(ulong lease, long at) => history.Add(new ReleaseOperation(
        Durations.ToTimeSpan(Math.Max(0, at - Durations.Second)),
        Durations.ToTimeSpan(at),
        OperationOutcome.Unknown,
        new LeaseId(Serving.PartitionReplay.Partition, new SequenceNumber(lease))));

    private Life Held(ulong position, ulong lease) =>
        _lives.TryGetValue(lease, out var life) && life.IsHeld ? life : throw Broken(position, $"lease {lease} changes, but it is not held");

    private static ViolationException Broken(ulong position, string sentence) => new("LeaseModel", $"entry {position}: {sentence}");

    private sealed class Box
    {
        public ulong Worker { get; set; }

        public ulong Holder { get; set; }

        public bool AwaitsFence { get; set; }

        public bool IsOver { get; set; }
    }

    private sealed class Life(ulong sandbox)
    {
        public ulong Sandbox { get; } = sandbox;

        public JournalTime RunsFrom { get; set; }

        public long TtlMs { get; set; }

        public uint Renewals { get; set; }

        public bool IsHeld { get; set; } = true;
    }
}
