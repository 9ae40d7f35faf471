using System.Net;
using ControlPlane.Primitives;
using ControlPlane.Security;
using Microsoft.Extensions.Options;

namespace ControlPlane.Worker;

/// <summary>Finds everything that is wrong with a worker's options at once; each message says which one and what to write instead.</summary>
public sealed class WorkerAgentOptionsValidator : IValidateOptions<WorkerAgentOptions>
{
    /// <summary>Most labels of a worker.</summary>
    public const int LabelsMax = 32;

    /// <summary>Most sandboxes of a worker.</summary>
    public const int SandboxesMax = 10_000;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, WorkerAgentOptions options)
    {
        var problems = Problems(options).ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>Throws <see cref="OptionsValidationException"/> with every problem, if there is one.</summary>
    public static void ThrowIfInvalid(WorkerAgentOptions options)
    {
        var problems = Problems(options).ToArray();
        if (problems.Length > 0)
        {
            throw new OptionsValidationException(nameof(WorkerAgentOptions), typeof(WorkerAgentOptions), problems);
        }
    }

    /// <summary>Every problem, as a sentence.</summary>
    public static IEnumerable<string> Problems(WorkerAgentOptions options) =>
        Identity(options).Concat(Addresses(options)).Concat(Certificates(options)).Concat(Limits(options));

    private static IEnumerable<string> Identity(WorkerAgentOptions options)
    {
        if (!WorkerName.TryCreate(options.Name, out _))
        {
            yield return $"Name '{options.Name}' is not well formed; write {Primitives.Name.Rule}.";
        }

        if (!Primitives.Name.IsWellFormed(options.Zone))
        {
            yield return $"Zone '{options.Zone}' is not well formed; write {Primitives.Name.Rule}.";
        }

        if (options.Labels.Count > LabelsMax)
        {
            yield return $"Labels has {options.Labels.Count} entries; remove some, {LabelsMax} is the most.";
        }

        if (string.IsNullOrWhiteSpace(options.DataDirectory))
        {
            yield return "DataDirectory is empty; name a directory that only this worker uses.";
        }
    }

    private static IEnumerable<string> Addresses(WorkerAgentOptions options)
    {
        var mayLeave = options.Tls is not null || options.DangerouslyServePlaintextToTheNetwork;
        if (!IPEndPoint.TryParse(options.GateListen, out var gate))
        {
            yield return $"GateListen '{options.GateListen}' is not an address; write for instance 127.0.0.1:7071.";
        }
        else if (!IPAddress.IsLoopback(gate.Address) && !mayLeave)
        {
            yield return $"GateListen '{options.GateListen}' is not a loopback address: without TLS the gate speaks plaintext, which is refused elsewhere; set Tls, or write 127.0.0.1:{gate.Port}.";
        }
        else if ((gate.Address.Equals(IPAddress.Any) || gate.Address.Equals(IPAddress.IPv6Any)) && options.AdvertisedEndpoint is null)
        {
            yield return $"GateListen '{options.GateListen}' is every address of this machine, which no caller can dial; set AdvertisedEndpoint to one that they can.";
        }

        if (options.PlaneAddresses.Count == 0)
        {
            yield return "PlaneAddresses is empty; name at least one node of the plane, for instance http://127.0.0.1:7070.";
        }

        var scheme = options.Tls is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        foreach (var address in options.PlaneAddresses.Append(options.AdvertisedEndpoint ?? $"{scheme}://127.0.0.1"))
        {
            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != scheme)
            {
                yield return $"Address '{address}' is not of the form {scheme}://127.0.0.1:7070; correct it in PlaneAddresses or AdvertisedEndpoint{(uri?.Scheme == Uri.UriSchemeHttps ? ", or set Tls" : "")}.";
            }
            else if (!uri.IsLoopback && !mayLeave)
            {
                yield return $"Address '{address}' is not on this machine: plaintext is refused elsewhere; set Tls, or use a loopback address.";
            }
        }
    }

    private static IEnumerable<string> Certificates(WorkerAgentOptions options)
    {
        if (options.Tls is not { } tls)
        {
            return [];
        }

        var problems = TlsSettings.Check(tls, OwnCertificate.OfWorker(options.Name), TimeProvider.System).Select(problem => $"Tls.{problem.File}: {problem}");
        return options.DangerouslyServePlaintextToTheNetwork
            ? problems.Append("DangerouslyServePlaintextToTheNetwork is set beside Tls, which serves no plaintext at all; remove it.")
            : problems;
    }

    private static IEnumerable<string> Limits(WorkerAgentOptions options)
    {
        (string Name, long Value, long Min, long Max)[] numbers =
        [
            (nameof(options.CapacityMemoryMib), options.CapacityMemoryMib, 1, 64L * 1024 * 1024),
            (nameof(options.CapacitySandboxes), options.CapacitySandboxes, 1, SandboxesMax),
            (nameof(options.InvokeQueueMax), options.InvokeQueueMax, 0, 10_000),
            ("Sandbox.LogLineBytesMax", options.Sandbox.LogLineBytesMax, 64, 1024 * 1024),
            ("Sandbox.LogBytesPerSecondMax", options.Sandbox.LogBytesPerSecondMax, 1024, int.MaxValue),
            ("Sandbox.LogFileBytesMax", options.Sandbox.LogFileBytesMax, options.Sandbox.LogLineBytesMax, int.MaxValue),
            ("Sandbox.EndedLogsMax", options.Sandbox.EndedLogsMax, 0, 100_000),
            ("GrantWait (ms)", (long)options.GrantWait.TotalMilliseconds, 0, 60_000),
            ("Sandbox.InitTimeout (ms)", (long)options.Sandbox.InitTimeout.TotalMilliseconds, 1, 900_000),
            ("Sandbox.KillGrace (ms)", (long)options.Sandbox.KillGrace.TotalMilliseconds, 0, 60_000),
            ("Sandbox.MemoryLookInterval (ms)", (long)options.Sandbox.MemoryLookInterval.TotalMilliseconds, 10, 60_000),
        ];
        return numbers
            .Where(number => number.Value < number.Min || number.Value > number.Max)
            .Select(number => $"{number.Name} is {number.Value}; write a number from {number.Min} to {number.Max}.");
    }
}
