namespace ControlPlane.Cpctl;

/// <summary>
/// Bytes given on the command line: the text itself in UTF-8, <c>@file</c>, or <c>-</c> for standard input. Files and input
/// are taken byte for byte.
/// </summary>
internal static class Payload
{
    public const string Help = "TEXT|@FILE|-";

    public static async Task<byte[]> ReadAsync(string source, Stream input, CancellationToken cancellation)
    {
        if (source == "-")
        {
            using var buffer = new MemoryStream();
            await input.CopyToAsync(buffer, cancellation);
            return buffer.ToArray();
        }

        return source.StartsWith('@') ? await ReadFileAsync(source[1..], cancellation) : System.Text.Encoding.UTF8.GetBytes(source);
    }

    public static async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"cannot read the payload: {e.Message}", "Name a file that can be read, or - for standard input.");
        }
    }
}
