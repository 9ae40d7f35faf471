using System.Globalization;
using ControlPlane.JournalInspector.Views;
using Spectre.Console.Rendering;

namespace ControlPlane.JournalInspector.WhatIf;

/// <summary>What <c>whatif</c> says.</summary>
internal sealed record WhatIfReport : View
{
    private const int WorkersShown = 20;

    public required ulong From { get; init; }

    public required ulong To { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Leases granted in the range: all the demand that the journal knows of.</summary>
    public required int Demand { get; init; }

    /// <summary>Median time from a sandbox's creation to being ready; absent if no start was seen whole, and then cold starts cost nothing in the model.</summary>
    public double? BootMs { get; init; }

    public required int Boots { get; init; }

    /// <summary>The journal first, then production's policy in the model, then those asked for.</summary>
    public required IReadOnlyList<WhatIfOutcome> Outcomes { get; init; }

    public IReadOnlyList<string> Unknown { get; } =
    [
        "Only demand that was granted is in the journal: calls that were refused or gave up are not, so more room shows no more demand.",
        "A call counts at its grant; if it waited, it came earlier. Leases are held as long as they were, wherever they are served.",
        "Selectors, zones and cold policies of calls are not journaled: any ready worker may serve any call.",
        "Load reports are not journaled: production's score takes a worker's share of slots for its processor load.",
        "In the model, warm targets are refilled at once, a retired sandbox's slot is free at once, and a worker that comes back with nothing has lost everything.",
        "Compare a policy with \"production\", which is the same model; how far \"production\" is from \"journaled\" is the model's error.",
    ];

    /// <inheritdoc/>
    public override IRenderable Render() => Layout.Stack(
        Layout.Properties(
            ("range", $"entries {From} to {To}, {Quantity.Duration(TimeSpan.FromSeconds(Seconds))}"),
            ("demand", $"{Quantity.Count(Demand)} leases"),
            ("boot", BootMs is { } boot ? $"{Quantity.Duration(TimeSpan.FromMilliseconds(boot))} (median of {Quantity.Count(Boots)})" : "no start was seen: a cold start takes no time here")),
        Layout.Table(
            ["POLICY", "WARM RATE", "WARM", "COLD", "NO ROOM", "COLD WAIT", "STARTED", "EVICTED", "CUT SHORT", "LEASES PER WORKER", "PLACES A NEW SANDBOX ON"],
            Outcomes.Select(outcome => new[]
            {
                outcome.Policy,
                outcome.WarmRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate * 100:0.0} %") : "",
                Quantity.Count(outcome.Warm),
                Quantity.Count(outcome.Cold),
                outcome.NoRoom is { } none ? Quantity.Count(none) : "not known",
                outcome.ColdWaitMs is { } wait ? Quantity.Duration(TimeSpan.FromMilliseconds(wait)) : "not known",
                Quantity.Count(outcome.Started),
                outcome.Evicted is { } evicted ? Quantity.Count(evicted) : "not known",
                Quantity.Count(outcome.CutShort),
                outcome.Balance,
                outcome.Summary,
            }),
            ""),
        Layout.Table(
            ["WORKER", "POLICY", "LEASES", "STARTED", "LEASED AT MOST", "ON AVERAGE"],
            from name in Outcomes[0].Workers.Select(worker => worker.Worker).Take(WorkersShown)
            from outcome in Outcomes
            let worker = outcome.Workers.First(worker => worker.Worker == name)
            select new[]
            {
                name, outcome.Policy, Quantity.Count(worker.Leases), Quantity.Count(worker.Started), Quantity.Count(worker.Peak), worker.Mean.ToString(CultureInfo.InvariantCulture),
            },
            "No workers."),
        Layout.Lines(["What the journal cannot tell:", .. Unknown.Select(line => $"- {line}")]));
}

/// <summary>How the demand was, or would have been, served.</summary>
/// <param name="Policy">Which policy; "journaled": what was.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Warm">Served by a sandbox that was ready.</param>
/// <param name="Cold">Waited for one to start.</param>
/// <param name="NoRoom">Not served; absent: not known.</param>
/// <param name="ColdWaitMs">Sum of waits for starts; absent: not known.</param>
/// <param name="Started">Sandboxes started, refills of warm targets included.</param>
/// <param name="Evicted">Free sandboxes given up to make room; absent: not known.</param>
/// <param name="CutShort">Leases that ended with their worker.</param>
/// <param name="Workers">By name.</param>
internal sealed record WhatIfOutcome(
    string Policy,
    string Summary,
    int Warm,
    int Cold,
    int? NoRoom,
    double? ColdWaitMs,
    int Started,
    int? Evicted,
    int CutShort,
    IReadOnlyList<WhatIfWorker> Workers)
{
    /// <summary>Of what was asked for; absent without demand.</summary>
    public double? WarmRate => Warm + Cold + (NoRoom ?? 0) is > 0 and var demand ? Math.Round((double)Warm / demand, 4) : null;

    /// <summary>Fewest, mean and most leases of a worker.</summary>
    public string Balance => Workers.Count == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{Workers.Min(worker => worker.Leases)} / {Workers.Average(worker => worker.Leases):0.#} / {Workers.Max(worker => worker.Leases)}");
}

/// <summary>One worker under one policy.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Leases">Leases that began there.</param>
/// <param name="Started">Sandboxes started there.</param>
/// <param name="Peak">Most leases at a time.</param>
/// <param name="Mean">Leases at a time, on average over the range.</param>
internal sealed record WhatIfWorker(string Worker, int Leases, int Started, int Peak, double Mean);
