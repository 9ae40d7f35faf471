using ControlPlane.Primitives;
using ControlPlane.Replication.Appending;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Time;
using ControlPlane.WorkerManager.Commands;
using ControlPlane.WorkerManager.Outcomes;

namespace ControlPlane.Simulation.Clients;

/// <summary>One new call after everything was mended: a plane that has recovered serves it.</summary>
internal sealed class Probe(World world)
{
    private readonly DrawStream _draws = world.Draws.Stream("probe");
    private readonly Caller _caller = new(world, world.Draws.Stream("probe caller"));

    public bool IsAnswered { get; private set; }

    public void Start()
    {
        if (world.Knobs.Workload == Workload.Journal)
        {
            var request = new AppendRequest { Payloads = [new byte[] { 1, 2, 3 }], Client = new ClientId(_draws.Identifier()), ClientSequence = new ClientSequence(1) };
            _caller.Ask(new Question.Append(request), _ => { }, answer => IsAnswered = ((CallAnswer.Appended)answer).Result.Status == AppendStatus.Ok);
            return;
        }

        var wanted = new AllocateRequest
        {
            Request = new RequestId(_draws.Identifier()),
            Tenant = TenantName.Create("probe"),
            Function = FunctionName.Create("function-0"),
            MaxWait = TimeSpan.FromSeconds(2),
            Ttl = TimeSpan.FromSeconds(1),
        };
        _caller.Ask(new Question.Manager(call => new Allocate(call, wanted)), _ => { }, answer =>
        {
            if (answer is CallAnswer.Said { Outcome: Granted })
            {
                IsAnswered = true;
            }
            else
            {
                // What clients have forgotten expires soon: room comes.
                world.Agenda.In(500 * Durations.Millisecond, Start);
            }
        }, 2 * Durations.Second);
    }
}
