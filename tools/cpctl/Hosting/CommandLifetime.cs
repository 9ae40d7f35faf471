using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ControlPlane.Cpctl;

/// <summary>
/// Signals belong to the command, which stops what it hosts in its own order; a host that listened to them too would stop beside it.
/// </summary>
internal sealed class CommandLifetime : IHostLifetime
{
    public static void Apply(IServiceCollection services) => services.AddSingleton<IHostLifetime, CommandLifetime>();

    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
