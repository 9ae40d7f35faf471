using ControlPlane.Server.Errors;
using Grpc.Core;

namespace ControlPlane.Server.Services;

/// <summary>After a fail stop nothing is answered, not even an error: the connection is cut, and the caller asks again.</summary>
internal static class CutOff
{
    /// <summary>Cuts the caller's connection; throw what this returns to end the method.</summary>
    public static RpcException Call(ServerCallContext context)
    {
        context.GetHttpContext().Abort();
        return Refusals.OutcomeUnknown();
    }
}
