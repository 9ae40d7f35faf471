using ControlPlane.Protocol.V1;
using ControlPlane.Runtime.Partitions;
using ControlPlane.Server.Errors;
using ControlPlane.Server.Hosting;
using ControlPlane.Server.Validation;
using ControlPlane.WorkerManager;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Commands = ControlPlane.WorkerManager.Commands;

namespace ControlPlane.Server.Services;

/// <summary>Keeps one stream open for each worker: its reports become commands, and the partition's orders go back to it.</summary>
internal sealed class WorkerSessionsService(ServedPartitions partitions, Stopping stopping, ILogger<WorkerSessionsService> logger)
    : Protocol.V1.WorkerSessions.WorkerSessionsBase
{
    public override async Task Connect(
        IAsyncStreamReader<WorkerMessage> requestStream, IServerStreamWriter<PlaneMessage> responseStream, ServerCallContext context)
    {
        var (hello, calls) = await ReadHelloAsync(requestStream, context.CancellationToken);
        var partition = calls.Partition;
        var connection = new WorkerConnection(partition.Options.Partition);
        var session = partition.Sessions.Open(connection);
        logger.WorkerConnected(hello.Name.Value, partition.Options.Partition.Value, session.Value);
        var reason = "the worker hung up";
        try
        {
            // Asked when the session is open: a leader that loses its reign from now on ends it.
            await calls.ThrowUnlessLeadingAsync(context);
            Post(partition, new Commands.WorkerConnected(session, hello));
            using var end = stopping.Or(context.CancellationToken);

            // Whichever ends first ends the others.
            await Task.WhenAll(
                UntilEndAsync(ReadReportsAsync(partition, session, requestStream, end.Token), end),
                UntilEndAsync(WriteOrdersAsync(connection, responseStream, end.Token), end),
                UntilEndAsync(connection.WaitForEndAsync(end.Token), end));
            reason = await SayGoodbyeAsync(connection, responseStream, context) ?? reason;
        }
        catch (RpcException refused)
        {
            reason = refused.Status.Detail;
            throw;
        }
        catch (IOException broken)
        {
            reason = broken.Message;
        }
        finally
        {
            partition.Sessions.Close(session);
            logger.WorkerDisconnected(hello.Name.Value, partition.Options.Partition.Value, session.Value, reason);

            // Told last, and even if the mailbox is full just now: otherwise the worker's silence says it, a little later.
            partition.Post(new Commands.WorkerDisconnected(session));
        }
    }

    private async Task<(Commands.WorkerHello Hello, PartitionCalls Calls)> ReadHelloAsync(IAsyncStreamReader<WorkerMessage> messages, CancellationToken cancellation)
    {
        var checks = new FieldChecks();
        if (!await messages.MoveNext(cancellation) || messages.Current.MessageCase != WorkerMessage.MessageOneofCase.Hello)
        {
            checks.Fail("hello", "missing; it is the first message of a worker");
            checks.ThrowIfAny();
        }

        if (Math.Max(1, messages.Current.Hello.Partitions) is var divided && divided != partitions.Map.Count)
        {
            throw Refusals.PartitionsDiffer(divided, partitions.Map);
        }

        var hello = WorkerMessages.Hello(checks, messages.Current.Hello);
        checks.Enter("hello");
        var calls = partitions.Asked(checks, messages.Current.Hello.Partition).Calls;
        checks.Leave();
        checks.ThrowIfAny();
        return (hello, calls);
    }

    private static async Task ReadReportsAsync(PartitionHost partition, SessionId session, IAsyncStreamReader<WorkerMessage> messages, CancellationToken end)
    {
        while (await messages.MoveNext(end))
        {
            var checks = new FieldChecks();
            var command = WorkerMessages.Later(checks, session, messages.Current);
            checks.ThrowIfAny();
            if (command is not null)
            {
                Post(partition, command);
            }
        }
    }

    private static async Task WriteOrdersAsync(WorkerConnection connection, IServerStreamWriter<PlaneMessage> orders, CancellationToken end)
    {
        await foreach (var order in connection.Orders.ReadAllAsync(end))
        {
            await orders.WriteAsync(order, end);
        }
    }

    private static async Task UntilEndAsync(Task part, CancellationTokenSource end)
    {
        try
        {
#pragma warning disable VSTHRD003 // The part was started by the caller, for this.
            await part;
#pragma warning restore VSTHRD003
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The session is over; why, is told by whoever ended it.
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    /// <summary>Ends the stream as its end deserves: a refusal is an error, a stop a farewell. Returns the reason if it was the plane's.</summary>
    private async Task<string?> SayGoodbyeAsync(WorkerConnection connection, IServerStreamWriter<PlaneMessage> orders, ServerCallContext context)
    {
        if (connection.Rejection is { } rejection)
        {
            throw rejection.ToRpcException();
        }

        if (connection.IsTooSlow)
        {
            throw Refusals.Overloaded("orders", WorkerConnection.OrdersMax);
        }

        if (!stopping.Token.IsCancellationRequested || context.CancellationToken.IsCancellationRequested)
        {
            return null;
        }

        await orders.WriteAsync(new PlaneMessage { Goodbye = new Goodbye() }, context.CancellationToken);
        return "the node stops";
    }

    private static void Post(PartitionHost partition, Commands.Command command)
    {
        // A report must not be lost: a worker that the loop cannot keep up with dials again and reports everything anew.
        if (!partition.Post(command))
        {
            throw Refusals.Overloaded("mailbox", partition.Options.MailboxMax);
        }
    }
}
