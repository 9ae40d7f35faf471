using ControlPlane.Verification.Histories;

namespace ControlPlane.Verification.Checks;

/// <summary>However often a request is repeated, it gets the same leases, and says so from the second answer on.</summary>
public static class RetryCheck
{
    /// <summary>Every answer that differs from the first one.</summary>
    public static IEnumerable<Violation> Run(LeaseHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        foreach (var attempts in history.Of<AllocateOperation>().GroupBy(attempt => attempt.Request))
        {
            var answers = attempts.Where(attempt => attempt.Outcome == OperationOutcome.Ok).OrderBy(attempt => attempt.Completed).ToList();
            foreach (var answer in answers.Skip(1))
            {
                if (!AreTheSame(answers[0], answer))
                {
                    yield return Broken($"request {attempts.Key} got {Show(answers[0])}, and when repeated {Show(answer)}");
                }
                else if (answers[0].Precedes(answer) && !answer.Replayed)
                {
                    yield return Broken($"request {attempts.Key} got {Show(answer)} again, without being told that it was a repetition");
                }
            }

            if (attempts.Count() == 1 && answers is [{ Replayed: true } alone])
            {
                yield return Broken($"request {attempts.Key} was sent once, but {Show(alone)} was answered as a repetition");
            }
        }
    }

    private static bool AreTheSame(AllocateOperation first, AllocateOperation again) =>
        first.Leases.Count == again.Leases.Count && first.Leases.Zip(again.Leases).All(pair => pair.First.IsSameRightAs(pair.Second));

    private static string Show(AllocateOperation answer) => string.Join(" and ", answer.Leases);

    private static Violation Broken(string sentence) => new(nameof(RetryCheck), sentence);
}
