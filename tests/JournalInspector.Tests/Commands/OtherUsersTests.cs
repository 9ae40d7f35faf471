using ControlPlane.JournalInspector.Tests.Samples;
using ControlPlane.Primitives;

namespace ControlPlane.JournalInspector.Tests.Commands;

/// <summary>The journal service has users other than the worker manager.</summary>
public sealed class OtherUsersTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public Task A_journal_of_opaque_entries_and_fences()
    {
        var path = _directory.Combine("journal");
        using (var journal = new JournalBuilder(path))
        {
            journal.AppendOpaque(default, default, "deploy v7"u8.ToArray());
            journal.AppendOpaque(new ClientId(0xab), new ClientSequence(1), [0, 1, 2, 255]);
            journal.RaiseFence(9);
        }

        return Golden.MatchesAsync(
            path,
            ["dump DIR", "dump DIR --format jsonl", "dump DIR --client 000000000000000000000000000000ab", "stats DIR", "verify DIR --deep", "state DIR", "hash DIR --every 2", "whatif DIR --policy pack", "salvage DIR --to DIR/../copy"]);
    }
}
