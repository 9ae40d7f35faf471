using FASTER.core;

namespace ControlPlane.Journal.Segments;

/// <summary>
/// FASTER's commit metadata is neither written nor read: it costs a file per commit, a failed write of it is only
/// logged, and a damaged one yields an empty log. Our scan of the entries decides the tail.
/// </summary>
internal sealed class NoCommitMetadata : ILogCommitManager
{
    public void Commit(long beginAddress, long untilAddress, byte[] commitMetadata, long commitNum, bool forceWriteMetadata)
    {
    }

    public byte[]? GetCommitMetadata(long commitNum) => null;

    public IEnumerable<long> ListCommits() => [];

    public void OnRecovery(long commitNum)
    {
    }

    public void RemoveAllCommits()
    {
    }

    public void RemoveCommit(long commitNum)
    {
    }

    public void Dispose()
    {
    }
}
