namespace ControlPlane.JournalInspector.Reading;

/// <summary>What was asked for is not there: no journal at the path, no such position or lease in it, or it cannot be rebuilt.</summary>
internal sealed class InspectionException(string message) : Exception(message);
