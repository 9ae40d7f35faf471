using ControlPlane.JournalInspector.Tests.Samples;

namespace ControlPlane.JournalInspector.Tests.Commands;

public sealed class NoJournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public Task An_empty_directory() => Golden.MatchesAsync(_directory.Path, ["info DIR", "verify DIR --json"]);

    [Fact]
    public Task A_directory_that_does_not_exist() => Golden.MatchesAsync(_directory.Combine("nowhere"), ["dump DIR"]);

    [Fact]
    public async Task A_foreign_directory()
    {
        await File.WriteAllTextAsync(_directory.Combine("photo.jpg"), "not a journal", TestContext.Current.CancellationToken);
        await Golden.MatchesAsync(_directory.Path, ["info DIR", "stats DIR"]);
    }

    [Fact]
    public Task A_journal_without_entries()
    {
        var path = _directory.Combine("journal");
        using (new JournalBuilder(path))
        {
        }

        return Golden.MatchesAsync(path, ["info DIR", "dump DIR", "verify DIR --deep", "stats DIR", "state DIR --at 1"]);
    }
}
