using ControlPlane.Primitives;
using ControlPlane.Worker.Gate;
using CsCheck;

namespace ControlPlane.Worker.Tests.Gate;

public sealed class GateMemoryTests
{
    private const ulong Highest = 20;
    private static readonly TenantName Owner = TenantName.Create("owner");
    private static readonly TenantName Other = TenantName.Create("other");
    private static readonly TimeSpan Ends = TimeSpan.FromSeconds(100);

    /// <summary>Every combination of what the decision depends on: 3 × 2 × 2 × 2 × 2 × 2 rows.</summary>
    public static TheoryData<int, bool, bool, bool, bool, bool> Rows()
    {
        var rows = new TheoryData<int, bool, bool, bool, bool, bool>();
        bool[] both = [false, true];
        foreach (var position in new[] { -1, 0, 1 })
        {
            foreach (var granted in both)
            {
                foreach (var sameEpoch in both)
                {
                    foreach (var sameTenant in both)
                    {
                        foreach (var inTime in both)
                        {
                            foreach (var inUse in both)
                            {
                                rows.Add(position, granted, sameEpoch, sameTenant, inTime, inUse);
                            }
                        }
                    }
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_row_of_the_decision_table_is_judged_as_the_readme_says(
        int position, bool granted, bool sameEpoch, bool sameTenant, bool inTime, bool inUse)
    {
        var memory = new GateMemory(new SequenceNumber(Highest));
        if (granted)
        {
            Assert.True(memory.Push(new GateGrant(Token(Highest), Owner, Ends)));
        }

        if (inUse)
        {
            memory.Enter(Token(Highest));
        }

        var verdict = memory.Judge(
            new FencingToken(new Epoch(sameEpoch ? 1ul : 2ul), new SequenceNumber((ulong)((int)Highest + position))),
            sameTenant ? Owner : Other,
            inTime ? Ends - TimeSpan.FromTicks(1) : Ends);

        Assert.Equal(Expected(position, granted, sameEpoch, sameTenant, inTime, inUse), verdict);
    }

    [Fact]
    public void A_grant_below_what_was_seen_changes_nothing()
    {
        var memory = new GateMemory(new SequenceNumber(Highest));

        Assert.False(memory.Push(new GateGrant(Token(Highest - 1), Owner, Ends)));
        Assert.Equal(new SequenceNumber(Highest), memory.Highest);
        Assert.Equal(GateVerdict.Stale, memory.Judge(Token(Highest - 1), Owner, TimeSpan.Zero));
    }

    [Fact]
    public void A_renewal_moves_the_end_and_confirms_nothing_anew()
    {
        var memory = new GateMemory(SequenceNumber.None);
        memory.Push(new GateGrant(Token(5), Owner, Ends));
        Assert.True(memory.Enter(Token(5)));
        memory.Leave();

        memory.Push(new GateGrant(Token(5), Owner, Ends + Ends));

        Assert.Equal(GateVerdict.Admit, memory.Judge(Token(5), Owner, Ends));
        Assert.False(memory.Enter(Token(5)));
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void A_use_below_a_floor_is_overdue_and_one_at_it_is_not(ulong floor, bool overdue)
    {
        var memory = new GateMemory(SequenceNumber.None);
        memory.Push(new GateGrant(Token(5), Owner, Ends));
        memory.Enter(Token(5));

        memory.Revoke(new SequenceNumber(floor));

        Assert.Equal(overdue, memory.UseIsOverdue);
    }

    [Fact]
    public void Whatever_is_pushed_and_revoked_the_highest_position_never_falls_and_nothing_below_it_enters() =>
        Gen.Select(Gen.Bool, Gen.ULong[1, 30]).List[1, 40].Sample(steps =>
        {
            var memory = new GateMemory(SequenceNumber.None);
            ulong highest = 0;
            foreach (var (isGrant, position) in steps)
            {
                if (isGrant)
                {
                    memory.Push(new GateGrant(Token(position), Owner, Ends));
                }
                else
                {
                    memory.Revoke(new SequenceNumber(position));
                }

                highest = Math.Max(highest, position);
                Assert.Equal(highest, memory.Highest.Value);
                for (ulong lower = 1; lower < highest; lower++)
                {
                    Assert.Equal(GateVerdict.Stale, memory.Judge(Token(lower), Owner, TimeSpan.Zero));
                }
            }
        });

    private static GateVerdict Expected(int position, bool granted, bool sameEpoch, bool sameTenant, bool inTime, bool inUse) =>
        (position, granted, sameEpoch, sameTenant, inTime, inUse) switch
        {
            (-1, _, _, _, _, _) => GateVerdict.Stale,
            (1, _, _, _, _, _) => GateVerdict.AwaitGrant,
            (0, false, _, _, _, _) => GateVerdict.AwaitGrant,
            (0, true, false, _, _, _) => GateVerdict.Stale,
            (0, true, true, false, _, _) => GateVerdict.WrongTenant,
            (0, true, true, true, false, _) => GateVerdict.Expired,
            (0, true, true, true, true, true) => GateVerdict.AwaitTurn,
            (0, true, true, true, true, false) => GateVerdict.Admit,
            _ => throw new ArgumentOutOfRangeException(nameof(position)),
        };

    private static FencingToken Token(ulong position) => new(new Epoch(1), new SequenceNumber(position));
}
