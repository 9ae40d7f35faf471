using System.Globalization;

namespace ControlPlane.Verification.Models;

/// <summary>What is asked of a register.</summary>
public enum RegisterFunction
{
    /// <summary>Its value.</summary>
    Read,

    /// <summary>To take a value.</summary>
    Write,

    /// <summary>To take a value if it has an expected one.</summary>
    CompareAndSet,
}

/// <summary>What a register answered.</summary>
public enum RegisterAnswer
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The value, or that it was taken.</summary>
    Ok,

    /// <summary>That the value was not the expected one.</summary>
    Mismatch,
}

/// <summary>A request to a register with its answer.</summary>
/// <param name="Function">What is asked.</param>
/// <param name="Value">What was read, or is to be taken; null is "nil", what a register holds at first.</param>
/// <param name="Expected">For a compare-and-set only.</param>
/// <param name="Answer">What came back.</param>
public readonly record struct RegisterCall(RegisterFunction Function, long? Value, long? Expected, RegisterAnswer Answer)
{
    /// <summary>For sentences.</summary>
    public override string ToString()
    {
        var request = Function switch
        {
            RegisterFunction.Read => Answer == RegisterAnswer.Ok ? $"read of {Show(Value)}" : "read",
            RegisterFunction.Write => $"write of {Show(Value)}",
            _ => $"cas from {Show(Expected)} to {Show(Value)}",
        };
        return Answer switch
        {
            RegisterAnswer.None => $"unanswered {request}",
            RegisterAnswer.Mismatch => $"failed {request}",
            _ => request,
        };
    }

    internal static string Show(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "nil";
}
