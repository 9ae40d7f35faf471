namespace ControlPlane.Scenarios.Fields;

/// <summary>Every field of a scenario file, as data.</summary>
internal static class ScenarioShapes
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private static FieldType<TimeSpan> Time => FieldTypes.Time(Moment, Day);

    private static FieldType<TimeSpan> TimeOrNone => FieldTypes.Time(TimeSpan.Zero, Day);

    private static FieldType<double> Share => FieldTypes.Number(0, 1);

    public static Shape<ClusterShape> Cluster { get; } = new Shape<ClusterShape>()
        .With("nodes", FieldTypes.Whole(1, 7), c => c.Nodes, (c, v) => c with { Nodes = v }, "Nodes, each with a replica of every journal.")
        .With("partitions", FieldTypes.Whole(1, 64), c => c.Partitions, (c, v) => c with { Partitions = v }, "Partitions of the worker manager.")
        .With("workers", FieldTypes.Whole(1, 8), c => c.Workers, (c, v) => c with { Workers = v }, "Worker agents.")
        .With("slots", FieldTypes.Whole(1, 1_000), c => c.Slots, (c, v) => c with { Slots = v }, "Sandboxes that a worker may have at once.");

    public static Shape<WorkloadMix> Mix { get; } = new Shape<WorkloadMix>()
        .With("invoke", Share, c => c.Invoke, (c, v) => c with { Invoke = v }, "Share of the rounds that invoke once through the worker's gate.")
        .With("renew", Share, c => c.Renew, (c, v) => c with { Renew = v }, "Share of the rounds that extend the lease.")
        .With("lookup", Share, c => c.Lookup, (c, v) => c with { Lookup = v }, "Share of the rounds that ask what became of the request, by its id.")
        .With("release", Share, c => c.Release, (c, v) => c with { Release = v }, "Share of the rounds that give the lease back; the others let it expire.")
        .With("append", Share, c => c.Append, (c, v) => c with { Append = v }, "Share of the rounds that append an entry to a journal for general use.");

    public static Shape<Workload> Workload { get; } = new Shape<Workload>()
        .With("clients", FieldTypes.Whole(1, 1_000), c => c.Clients, (c, v) => c with { Clients = v }, "Clients at once, dealt out to the tenants.")
        .With("tenants", FieldTypes.Whole(1, 100), c => c.Tenants, (c, v) => c with { Tenants = v }, "Tenants.")
        .With("functions", FieldTypes.Whole(1, 20), c => c.Functions, (c, v) => c with { Functions = v }, "Functions, each of which any tenant may ask for.")
        .With("loop", FieldTypes.Word<LoopKind>(), c => c.Loop, (c, v) => c with { Loop = v }, "closed: a client sends when it was answered; open: rounds begin at a fixed rate.")
        .With("rate_per_second", FieldTypes.Number(0.1, 100_000), c => c.RatePerSecond, (c, v) => c with { RatePerSecond = v }, "With an open loop: rounds a second, of all clients together.")
        .With("hold", TimeOrNone, c => c.Hold, (c, v) => c with { Hold = v }, "How long a lease is held before it is given back.")
        .With("ttl", FieldTypes.Time(TimeSpan.FromSeconds(1), Day), c => c.Ttl, (c, v) => c with { Ttl = v }, "Time to live of a lease.")
        .With("deadline", Time, c => c.Deadline, (c, v) => c with { Deadline = v }, "How long a client waits for one answer before it calls the outcome unknown.")
        .With("append_bytes", FieldTypes.Whole(32, 200_000), c => c.AppendBytes, (c, v) => c with { AppendBytes = v }, "Bytes of an appended entry.")
        .With("mix", Mix.Type, c => c.Mix, (c, v) => c with { Mix = v }, "What a round has besides allocation.");

    public static Shape<Fault> Fault { get; } = new Shape<Fault>()
        .With("kind", FieldTypes.Word<FaultKind>(), f => f.Kind, (f, v) => f with { Kind = v }, "What is struck.", isRequired: true)
        .Perhaps("target", FieldTypes.Target(), f => f.Target, (f, v) => f with { Target = v }, "Whom, by role; found out when it strikes.")
        .Perhaps("at", TimeOrNone, f => f.At, (f, v) => f with { At = v }, "Once, this long after the load has begun.")
        .Perhaps("every", Time, f => f.Every, (f, v) => f with { Every = v }, "Again and again, with this time between two beginnings.")
        .Perhaps("between", FieldTypes.Range(Moment, Day), f => f.Between, (f, v) => f with { Between = v }, "Again and again, with a time between two beginnings that is drawn from this range.")
        .Perhaps("times", FieldTypes.Whole(1, 100_000), f => f.Times, (f, v) => f with { Times = v }, "At most so often.")
        .Perhaps("for", TimeOrNone, f => f.For, (f, v) => f with { For = v }, "How long it lasts.")
        .Perhaps("settled", FieldTypes.Flag(), f => f.Settled, (f, v) => f with { Settled = v }, "Wait until every node follows, so that it hits a whole plane.")
        .Perhaps("point", FieldTypes.Word<KillPoint>(), f => f.Point, (f, v) => f with { Point = v }, "Where a node is killed.")
        .Perhaps("count", FieldTypes.Whole(1, 1_000), f => f.Count, (f, v) => f with { Count = v }, "Restarts of a storm; operations of a disk that fail; bits that flip.")
        .Perhaps("gap", Time, f => f.Gap, (f, v) => f with { Gap = v }, "Time between two restarts of a storm, and between the changes of a flapping link.")
        .Perhaps("direction", FieldTypes.Word<LinkDirection>(), f => f.Direction, (f, v) => f with { Direction = v }, "Which half is meant: what the target sends, or what it is sent.")
        .Perhaps("links", FieldTypes.Word<LinkScope>(), f => f.Links, (f, v) => f with { Links = v }, "Which connections are meant.")
        .Perhaps("delay", Time, f => f.Delay, (f, v) => f with { Delay = v }, "By how much everything is late.")
        .Perhaps("jitter", Time, f => f.Jitter, (f, v) => f with { Jitter = v }, "Up to how much more, drawn for each piece.")
        .Perhaps("share", Share, f => f.Share, (f, v) => f with { Share = v }, "Which share of the pieces is lost.")
        .Perhaps("bytes_per_second", FieldTypes.Whole(100, 1_000_000_000), f => f.BytesPerSecond, (f, v) => f with { BytesPerSecond = v }, "What a link carries at most.")
        .Perhaps("by", FieldTypes.Time(-Day, Day), f => f.By, (f, v) => f with { By = v }, "By how much a clock jumps; a leading minus means back.")
        .Perhaps("rate", FieldTypes.Number(0.1, 10), f => f.Rate, (f, v) => f with { Rate = v }, "How fast a clock runs; 1 is right.")
        .Perhaps("factor", FieldTypes.Number(1, 100), f => f.Factor, (f, v) => f with { Factor = v }, "How many times the usual load.")
        .Perhaps("clients", FieldTypes.Whole(1, 1_000), f => f.Clients, (f, v) => f with { Clients = v }, "Clients of a flooding tenant.");

    public static Shape<Healing> Healing { get; } = new Shape<Healing>()
        .With("within", Time, c => c.Within, (c, v) => c with { Within = v }, "How long the plane may take until every node follows, whole, with the same state.")
        .With("calm", TimeOrNone, c => c.Calm, (c, v) => c with { Calm = v }, "How long clients go on after that.");

    public static Shape<Bounds> Bounds { get; } = new Shape<Bounds>()
        .With("allocate_within", Time, c => c.AllocateWithin, (c, v) => c with { AllocateWithin = v }, "After healing, an allocation must succeed within this time.")
        .With("operations_min", FieldTypes.Whole(0, 100_000_000), c => c.OperationsMin, (c, v) => c with { OperationsMin = v }, "Fewer acknowledged operations prove nothing.")
        .With("faults_min", FieldTypes.Whole(0, 100_000), c => c.FaultsMin, (c, v) => c with { FaultsMin = v }, "Fewer faults prove nothing.")
        .With("operations_max", FieldTypes.Whole(1, 100_000_000), c => c.OperationsMax, (c, v) => c with { OperationsMax = v }, "Operations that are recorded at most; clients stop there.")
        .Perhaps("outage_max", Time, c => c.OutageMax, (c, v) => c with { OutageMax = v }, "The longest time in which nobody at all may be answered while faults are struck.");

    public static Shape<Scenario> Root { get; } = new Shape<Scenario>()
        .With("name", FieldTypes.Text("^[a-z0-9][a-z0-9-]{0,59}$", "is not a name of small letters, digits and dashes, at most 60"), c => c.Name, (c, v) => c with { Name = v }, "Short, of small letters, digits and dashes; it names directories.", isRequired: true)
        .With("breaks", FieldTypes.Text(@"^[^\r\n]{10,300}$", "is not a sentence of 10 to 300 characters"), c => c.Breaks, (c, v) => c with { Breaks = v }, "One sentence: what it tries to break.", isRequired: true)
        .With("seed", FieldTypes.Whole(0, long.MaxValue), c => c.Seed, (c, v) => c with { Seed = v }, "Where every choice comes from that the scenario leaves open.")
        .With("duration", FieldTypes.Time(TimeSpan.FromSeconds(1), Day), c => c.Duration, (c, v) => c with { Duration = v }, "How long faults are struck; starting, healing and checking come on top.")
        .With("cluster", Cluster.Type, c => c.Cluster, (c, v) => c with { Cluster = v }, "The plane and its workers.")
        .With("workload", Workload.Type, c => c.Workload, (c, v) => c with { Workload = v }, "What clients do meanwhile.")
        .With("faults", FieldTypes.List(Fault.Type), c => c.Faults, (c, v) => c with { Faults = v }, "What is struck, when and where.", isRequired: true)
        .With("healing", Healing.Type, c => c.Healing, (c, v) => c with { Healing = v }, "What is given time for when the faults are over.")
        .With("checks", FieldTypes.List(FieldTypes.Word<CheckName>()), c => c.Checks, (c, v) => c with { Checks = v }, "What is looked at in the end.")
        .With("bounds", Bounds.Type, c => c.Bounds, (c, v) => c with { Bounds = v }, "What the run must reach to count, and what bounds it.");
}
