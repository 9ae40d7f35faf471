namespace ControlPlane.Client;

/// <summary>One field that the plane rejected: its path in the request (<c>ttl_ms</c>, <c>items[2].lease</c>) and what is wrong with it.</summary>
public sealed record FieldViolation(string Field, string Description);
