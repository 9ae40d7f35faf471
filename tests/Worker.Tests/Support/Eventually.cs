namespace ControlPlane.Worker.Tests.Support;

/// <summary>Waits for a condition, never for an amount of time; the deadline only ends a test that has failed.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"never came true: {what}");
            await Task.Delay(Look, CancellationToken.None);
        }
    }
}
