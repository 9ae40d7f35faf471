using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Worker.RuntimeApi;

/// <summary>Reads a request's body into memory, never more of it than allowed.</summary>
internal static class RequestBody
{
    /// <summary>The whole body; null if it is longer than <paramref name="bytesMax"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int bytesMax)
    {
        if (request.ContentLength > bytesMax)
        {
            return null;
        }

        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (read.Buffer.Length > bytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
