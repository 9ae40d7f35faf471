using ControlPlane.Client;

namespace ControlPlane.EndToEnd.Tests.Clients;

/// <summary>The .NET example of the README, compiled; <see cref="ReadmeTests"/> compares the two, and runs it.</summary>
internal static class ReadmeExample
{
    public static async Task RunAsync(string address, TextWriter console)
    {
        using var plane = ControlPlaneClient.ForAddress(address, tenant: "team");
        await using var lease = await plane.AllocateAsync(new Allocation("echo-sh") { MaxWait = TimeSpan.FromSeconds(10) });
        var answer = await lease.InvokeAsync("hello"u8.ToArray());
        await console.WriteLineAsync(answer.Payload.ToStringUtf8());
    }
}
