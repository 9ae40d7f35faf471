namespace ControlPlane.Journal.Replica;

/// <summary>The names inside a replica's directory.</summary>
public readonly record struct ReplicaPaths(string Root)
{
    /// <summary>Whose directory it is; written last when it is created.</summary>
    public string Identity => Path.Combine(Root, "identity");

    /// <summary>Held by the process that writes.</summary>
    public string Lock => Path.Combine(Root, "lock");

    /// <summary>Slots <c>promise.a</c>, <c>promise.b</c>.</summary>
    public string Promise => Path.Combine(Root, "promise");

    /// <summary>Slots <c>watermark.a</c>, <c>watermark.b</c>.</summary>
    public string Watermark => Path.Combine(Root, "watermark");

    /// <summary>Slots <c>acceptor.a</c>, <c>acceptor.b</c> of the <c>quorum</c> register.</summary>
    public string Acceptor => Path.Combine(Root, "acceptor");

    /// <summary>The segments' directories.</summary>
    public string Segments => Path.Combine(Root, "segments");

    /// <summary>The snapshots.</summary>
    public string Snapshots => Path.Combine(Root, "snapshots");
}
