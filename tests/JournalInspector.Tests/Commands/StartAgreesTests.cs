using System.Text.Json;
using ControlPlane.Journal.Recovery;
using ControlPlane.JournalInspector.Tests.Samples;
using ControlPlane.Primitives.Entries;

namespace ControlPlane.JournalInspector.Tests.Commands;

public sealed class StartAgreesTests : IDisposable
{
    private readonly SampleJournal _journal = new();
    private readonly TemporaryDirectory _copies = new();

    public void Dispose()
    {
        _journal.Dispose();
        _copies.Dispose();
    }

    [Fact]
    public async Task A_start_refuses_exactly_the_damage_that_verify_says_it_refuses()
    {
        for (var entry = 1UL; entry <= SampleJournal.LastEntry; entry++)
        {
            var (file, offset) = _journal.Find(entry);
            var copy = _copies.Combine(entry.ToString("d", null));
            Damage.FlipBit(file, offset + EntryCodec.HeaderBytes + 5);
            Damage.Copy(_journal.Path, copy);
            Damage.FlipBit(file, offset + EntryCodec.HeaderBytes + 5);

            var run = await Inspector.RunAsync("verify", copy, "--json");
            var finding = JsonDocument.Parse(run.Output).RootElement.GetProperty("findings")[0];
            Assert.Equal(2, run.Exit);
            Assert.Equal(entry, finding.GetProperty("lostFrom").GetUInt64());
            Assert.Equal(entry > SampleJournal.SnapshotPosition, finding.GetProperty("start").GetString() == "refuses");
            Assert.Equal(entry > SampleJournal.SnapshotPosition, Refuses(copy));
        }

    }

    private static bool Refuses(string path)
    {
        try
        {
            new JournalBuilder(path).Dispose();
            return false;
        }
        catch (JournalRefusedException)
        {
            return true;
        }
    }
}
