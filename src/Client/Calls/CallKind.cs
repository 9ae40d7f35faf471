namespace ControlPlane.Client;

/// <summary>What a lost answer means for a call, and so whether it may be sent again.</summary>
internal enum CallKind
{
    /// <summary>Changes nothing: sent again freely, and a lost answer leaves nothing unknown.</summary>
    Read,

    /// <summary>Applied once however often it is sent (by request id, client sequence or by its nature): sent again freely.</summary>
    Idempotent,

    /// <summary>Each delivery may act: sent again only after an attempt that surely was not applied.</summary>
    Once,
}
