using ControlPlane.Journal.Recovery;
using ControlPlane.Journal.Segments;

namespace ControlPlane.Journal.Tests.Recovery;

/// <summary>Every combination of the inputs, by rules that are stated otherwise than the table states them.</summary>
public sealed class RecoveryTableTests
{
    public static TheoryData<bool, StopPosition, StopShape, bool, bool> EveryCase
    {
        get
        {
            var cases = new TheoryData<bool, StopPosition, StopShape, bool, bool>();
            foreach (var closed in new[] { false, true })
            {
                foreach (var position in Enum.GetValues<StopPosition>())
                {
                    foreach (var shape in Enum.GetValues<StopShape>())
                    {
                        foreach (var follow in new[] { false, true })
                        {
                            cases.Add(closed, position, shape, follow, false);
                            cases.Add(closed, position, shape, follow, true);
                        }
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Every_case_has_one_decision(bool closed, StopPosition position, StopShape shape, bool follow, bool complete)
    {
        var decision = RecoveryTable.Decide(new RecoveryCase(closed, position, shape, follow, complete));
        Assert.Equal(Expected(closed, position, shape, follow, complete), decision);
        Assert.Equal(decision.Action == RecoveryAction.Refuse, decision.Reason is not null);
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Nothing_proven_is_ever_given_up(bool closed, StopPosition position, StopShape shape, bool follow, bool complete)
    {
        var decision = RecoveryTable.Decide(new RecoveryCase(closed, position, shape, follow, complete));
        Assert.False(position == StopPosition.Proven && decision.Action != RecoveryAction.Refuse);
    }

    [Fact]
    public void All_cases_are_covered() => Assert.Equal(2 * 2 * 4 * 2 * 2, EveryCase.Count);

    private static RecoveryDecision Expected(bool closed, StopPosition position, StopShape shape, bool follow, bool complete) =>
        (closed, position, shape, follow, complete) switch
        {
            (_, _, StopShape.CleanZeros, true, _) => Refuse(RefusalReason.Contradiction),
            (_, StopPosition.Proven, StopShape.CleanZeros or StopShape.MissingBytes, _, _) => Refuse(RefusalReason.AcknowledgedMissing),
            (_, StopPosition.Proven, StopShape.TornSectors or StopShape.Garbage, _, _) => Refuse(RefusalReason.AcknowledgedDamaged),
            (true, _, _, _, _) => new RecoveryDecision(RecoveryAction.Accept),
            (false, _, StopShape.CleanZeros, _, true) => new RecoveryDecision(RecoveryAction.Accept),
            (false, _, StopShape.CleanZeros or StopShape.TornSectors, _, _) => new RecoveryDecision(RecoveryAction.ClipTornTail),
            _ => Refuse(RefusalReason.UnexplainedDamage),
        };

    private static RecoveryDecision Refuse(RefusalReason reason) => new(RecoveryAction.Refuse, reason);
}
