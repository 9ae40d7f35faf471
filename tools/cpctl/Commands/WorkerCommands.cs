using System.CommandLine;

namespace ControlPlane.Cpctl;

/// <summary><c>cpctl worker list|cordon|uncordon|drain</c>.</summary>
internal static class WorkerCommands
{
    public static CpctlCommand Build(Terminal terminal)
    {
        var run = new WorkerRun();
        return new CpctlCommand(
            "worker",
            "Without a verb: runs a worker for the plane at --address in this process until it is told to stop. With one: shows workers and takes them out of service.",
            "cpctl worker --name worker-2 --gate 127.0.0.1:7072",
            "cpctl worker --address https://10.0.0.7:7070 --gate 10.0.0.8:7071 --cert worker-1.crt --key worker-1.key --ca ca.crt",
            "cpctl worker list")
            .With(run.Options)
            .With(
                new CpctlCommand("list", "The known workers.", "cpctl worker list")
                    .Does(terminal, async context => context.Show(WorkerListView.Of(await context.Operator.ListWorkersAsync(context.Cancellation)))),
                Named(terminal, "cordon", "Nothing new on the worker; what runs there goes on.", "cordoned", (context, name) => context.Operator.CordonWorkerAsync(name, context.Cancellation)),
                Named(terminal, "uncordon", "The worker takes new sandboxes again.", "ready again", (context, name) => context.Operator.UncordonWorkerAsync(name, context.Cancellation)),
                Drain(terminal))
            .Does(terminal, run.RunAsync);
    }

    private static CpctlCommand Named(Terminal terminal, string verb, string description, string state, Func<CommandContext, string, Task> act)
    {
        var name = Name();
        return new CpctlCommand(verb, description, $"cpctl worker {verb} worker-1").With(name).Does(terminal, async context =>
        {
            await act(context, context.Get(name));
            context.Show(new DoneView($"worker {context.Get(name)} is {state}"));
        });
    }

    private static CpctlCommand Drain(Terminal terminal)
    {
        var name = Name();
        var deadline = AllocationOptions.DurationOption("--deadline", "How long leases may go on; 0 = end them now.", Duration.FromSeconds(300));
        return new CpctlCommand(
            "drain",
            "Nothing new on the worker; its free sandboxes end now, its leases may finish until the deadline.",
            "cpctl worker drain worker-1 --deadline 10m")
            .With(name, deadline)
            .Does(terminal, async context =>
            {
                await context.Operator.DrainWorkerAsync(context.Get(name), context.Get(deadline).Value, context.Cancellation);
                context.Show(new DoneView($"worker {context.Get(name)} is draining, leases end in {context.Get(deadline)} at the latest"));
            });
    }

    private static Argument<string> Name() => new("WORKER") { Description = "Name of the worker (`cpctl worker list`)." };
}
