namespace ControlPlane.EndToEnd.Tests.Harness;

/// <summary>Waits for a condition, never for an amount of time; the deadline only ends a test that has failed.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public static Task HoldsAsync(Func<bool> condition, Func<string> what) => HoldsAsync(() => Task.FromResult(condition()), what);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, deadline.IsCancellationRequested ? $"never came true: {what()}" : "");
            await Task.Delay(Look, CancellationToken.None);
        }
    }
}
