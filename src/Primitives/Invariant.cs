using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ControlPlane.Primitives;

/// <summary>
/// Conditions that hold unless the program itself is wrong. They are checked in release builds too: where being wrong
/// would be silent (a token reused, a gap in a sequence), stopping is cheaper than going on.
/// </summary>
public static class Invariant
{
    /// <summary>Throws <see cref="InvariantViolationException"/> unless <paramref name="condition"/> holds.</summary>
    /// <param name="condition">One condition; use one call for each.</param>
    /// <param name="meaning">What is always true, as a sentence: "entries are dense".</param>
    /// <param name="expression">The condition as written; filled in by the compiler.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(
        [DoesNotReturnIf(false)] bool condition,
        string meaning,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
        {
            Fail(meaning, expression);
        }
    }

    /// <summary>Reports a state that cannot be reached.</summary>
    [DoesNotReturn]
    public static void Unreachable(string meaning) => Fail(meaning, "unreachable");

    [DoesNotReturn]
    private static void Fail(string meaning, string expression) =>
        throw new InvariantViolationException($"Broken invariant: {meaning} ({expression}).");
}

/// <summary>The program has contradicted itself. Never caught to go on: the process ends and a replay starts afresh.</summary>
public sealed class InvariantViolationException(string message) : Exception(message);
