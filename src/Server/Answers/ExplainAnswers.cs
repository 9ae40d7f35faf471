using ControlPlane.Protocol.V1;
using ControlPlane.Server.Errors;
using ControlPlane.WorkerManager.Outcomes;
using Google.Protobuf.Collections;

namespace ControlPlane.Server.Answers;

/// <summary>A dry run's account as callers see it.</summary>
internal static class ExplainAnswers
{
    /// <summary>The account.</summary>
    public static ExplainResponse ToWire(this Explained explained)
    {
        var response = new ExplainResponse
        {
            Position = explained.Position.Value,
            Verdict = (ExplainResponse.Types.Verdict)explained.Verdict,
            Refusal = explained.Refusal?.ToRefusal(),
            Sandbox = explained.Sandbox?.ToWire(),
            Worker = explained.Worker?.Value ?? "",
            SandboxesConsidered = (uint)explained.SandboxesConsidered,
            WorkersConsidered = (uint)explained.WorkersConsidered,
        };
        AddFilters(response.SandboxFilters, explained.SandboxFilters);
        AddFilters(response.WorkerFilters, explained.WorkerFilters);
        foreach (var score in explained.Candidates)
        {
            var candidate = new ExplainResponse.Types.Candidate { Worker = score.Worker.Value, Score = score.Score };
            foreach (var (term, value) in score.Terms)
            {
                candidate.Terms[term] = value;
            }

            response.Candidates.Add(candidate);
        }

        return response;
    }

    private static void AddFilters(RepeatedField<ExplainResponse.Types.Filter> filters, IReadOnlyList<FilterCount> counts)
    {
        foreach (var count in counts)
        {
            filters.Add(new ExplainResponse.Types.Filter { Name = count.Name, Removed = (uint)count.Removed });
        }
    }
}
