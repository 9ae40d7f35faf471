namespace ControlPlane.Chaos.Reports;

/// <summary>The report's colours and sizes; the reader's light or dark.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --back: #fcfcfb; --text: #1c1f24; --dim: #626a75; --grid: #e4e6ea; --plot: #f3f4f6; --leader: #2f9e60; --follower: #cfe3d8; --candidate: #e8b04a; --silent: #b9bec7; --down: #e9e2e2; --stripe: #b3413a; --fault: #f0d3cf; --onfault: #7c2620; --commit: #1f5fae; --dot: #2c6fb7; --slow: #d9822b; --unknown: #d0342c; --refused: #d9952b; --denied: #8d4bb8; --area: #9cc0e7; --violation: #d3122a; --t0: #5b8fc9; --t1: #4fa38a; --t2: #a585c9; --t3: #c98f4f; --t4: #6f9a3f; --t5: #b86f93; }
        @media (prefers-color-scheme: dark) { :root { --back: #16181c; --text: #e6e8eb; --dim: #9aa2ad; --grid: #2a2e35; --plot: #1d2025; --leader: #2e8b57; --follower: #24473a; --candidate: #a67a24; --silent: #484d56; --down: #2b2024; --stripe: #ef7d72; --fault: #4c2523; --onfault: #f6b7ae; --commit: #7db2f0; --dot: #6ea8e6; --slow: #f0a458; --unknown: #ff6b61; --refused: #e5b04e; --denied: #bd8ae0; --area: #2f5583; --violation: #ff4d5e; --t0: #4a78ad; --t1: #3d8771; --t2: #86689f; --t3: #a8743c; --t4: #5c8232; --t5: #985a79; } }
        body { margin: 0 auto; padding: 24px 28px 60px; max-width: 1500px; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
        h1 { margin: 0; font-size: 24px; } h2 { margin: 0 0 4px; font-size: 15px; }
        .verdict { margin-left: 8px; padding: 2px 10px; border-radius: 5px; color: #fff; font-size: 14px; letter-spacing: .04em; vertical-align: 3px; background: #7a6a1e; }
        .verdict.pass { background: #24774a; } .verdict.safety { background: #b3122a; } .verdict.liveness { background: #a4561a; }
        .breaks { margin: 4px 0 0; font-size: 16px; } .replay { margin: 2px 0 14px; color: var(--dim); font-size: 13px; }
        code { font: 13px ui-monospace, monospace; }
        .findings { margin: 0 0 14px; padding: 10px 14px; border-left: 4px solid var(--refused); background: var(--plot); } .findings.violations { border-color: var(--violation); }
        .findings ol { margin: 0; padding-left: 22px; font-size: 13.5px; overflow-wrap: anywhere; }
        .figures { display: flex; flex-wrap: wrap; gap: 6px 26px; margin: 0 0 12px; } .figures div { display: flex; flex-direction: column-reverse; } .figures dt { color: var(--dim); font-size: 12px; } .figures dd { margin: 0; font-size: 18px; font-variant-numeric: tabular-nums; }
        figure { margin: 0; } svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--text); font: 11px system-ui, sans-serif; } svg text.small { font-size: 9.5px; fill: var(--dim); } svg .end { text-anchor: end; } svg .middle { text-anchor: middle; } svg text.onleader { fill: #fff; pointer-events: none; } svg text.onfault { fill: var(--onfault); pointer-events: none; }
        .grid { stroke: var(--grid); stroke-width: 1; } .phase { stroke: var(--dim); stroke-width: 1; stroke-dasharray: 2 3; } .plot, .free { fill: var(--plot); }
        .down { fill: var(--down); } .up { fill: var(--follower); } .role.leader { fill: var(--leader); } .role.follower { fill: var(--follower); } .role.candidate { fill: var(--candidate); } .silent { fill: var(--silent); }
        .commit { fill: none; stroke: var(--commit); stroke-width: 1.3; pointer-events: none; } .crash { fill: var(--violation); stroke: var(--back); stroke-width: 1.5; }
        .stripe { stroke: var(--stripe); stroke-width: 2.2; } .hatch { fill: url(#stripes); stroke: var(--stripe); stroke-width: .8; } .fault { fill: var(--fault); stroke: var(--stripe); stroke-width: .6; }
        .dots { stroke: var(--dot); stroke-width: 1.7; stroke-linecap: round; fill: none; opacity: .75; } .slow { fill: var(--slow); }
        .unknown { fill: var(--unknown); } .refused { fill: var(--refused); } .denied { fill: var(--denied); } .area { fill: var(--area); }
        .t0 { fill: var(--t0); } .t1 { fill: var(--t1); } .t2 { fill: var(--t2); } .t3 { fill: var(--t3); } .t4 { fill: var(--t4); } .t5 { fill: var(--t5); }
        .free.named, .held.named { stroke: var(--violation); stroke-width: .8; }
        .violation { stroke: var(--violation); stroke-width: 2; pointer-events: none; } svg text.violation-text { fill: var(--violation); font-weight: 600; }
        svg [tabindex]:focus { outline: 2px solid var(--commit); outline-offset: 1px; } svg .held:hover, svg .fault:hover, svg .slow:hover { filter: brightness(1.15); }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 10px 0 18px; padding: 0; list-style: none; color: var(--dim); font-size: 12.5px; } .legend i { display: inline-block; width: 14px; height: 10px; margin-right: 5px; border-radius: 2px; }
        .legend .leader { background: var(--leader); } .legend .follower { background: var(--follower); } .legend .candidate { background: var(--candidate); } .legend .silent { background: var(--silent); } .legend .down { background: var(--down); outline: 1px solid var(--grid); } .legend .hatched { background: repeating-linear-gradient(45deg, var(--stripe) 0 2px, transparent 2px 5px); } .legend .unknown { background: var(--unknown); } .legend .refused { background: var(--refused); } .legend .denied { background: var(--denied); } .legend .line { height: 2px; background: var(--commit); vertical-align: 4px; }
        details { margin-top: 6px; } summary { cursor: pointer; color: var(--dim); } table { margin-top: 8px; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; } th, td { padding: 2px 14px 2px 0; border-bottom: 1px solid var(--grid); text-align: left; vertical-align: top; } th { color: var(--dim); font-weight: 500; }
        """;
}
