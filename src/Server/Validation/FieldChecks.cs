using System.Globalization;
using ControlPlane.Primitives;
using ControlPlane.Protocol.Errors;
using Google.Protobuf;
using static Google.Rpc.BadRequest.Types;

namespace ControlPlane.Server.Validation;

/// <summary>
/// Turns the fields of one request into typed values and gathers every field at fault, named as in the contract
/// (<c>requests[2].ttl_ms</c>). A check that fails answers some harmless value: callers look at <see cref="AllGood"/> once, at
/// the end, so that one answer lists all that must be changed.
/// </summary>
/// <remarks>Names are put together only for a violation: a good request costs no text.</remarks>
internal sealed class FieldChecks
{
    /// <summary>Most violations that one answer lists; a request with more is not worth a longer letter.</summary>
    public const int ViolationsMax = 100;

    private readonly List<(string Field, int Index)> _scopes = [];
    private List<FieldViolation>? _violations;

    /// <summary>True if no check has failed.</summary>
    public bool AllGood => _violations is null;

    /// <summary>What failed, in the order of the checks; at most <see cref="ViolationsMax"/>.</summary>
    public IReadOnlyCollection<FieldViolation> Violations => _violations ?? [];

    /// <summary>Throws INVALID_ARGUMENT with everything that failed; returns if nothing did.</summary>
    public void ThrowIfAny()
    {
        if (_violations is not null)
        {
            throw ErrorTable.FieldViolations(_violations);
        }
    }

    /// <summary>The fields checked until <see cref="Leave"/> belong to this element of a repeated field, or to this message if <paramref name="index"/> is negative.</summary>
    public void Enter(string field, int index = -1) => _scopes.Add((field, index));

    /// <summary>Ends what the last <see cref="Enter"/> began.</summary>
    public void Leave() => _scopes.RemoveAt(_scopes.Count - 1);

    /// <summary>Records that <paramref name="field"/> is at fault.</summary>
    public void Fail(string field, string description)
    {
        _violations ??= [];
        if (_violations.Count < ViolationsMax)
        {
            _violations.Add(new FieldViolation { Field = PathOf(field), Description = description });
        }
    }

    /// <summary>Records a fault unless <paramref name="condition"/> holds.</summary>
    public void Require(bool condition, string field, string description)
    {
        if (!condition)
        {
            Fail(field, description);
        }
    }

    /// <summary>A number in <c>[min, max]</c>.</summary>
    public ulong Range(string field, ulong value, ulong min, ulong max)
    {
        if (value < min || value > max)
        {
            Fail(field, string.Create(CultureInfo.InvariantCulture, $"{value} is not in {min} to {max}"));
        }

        return value;
    }

    /// <summary>A number in <c>[min, max]</c>.</summary>
    public uint Range(string field, uint value, uint min, uint max) => (uint)Range(field, (ulong)value, min, max);

    /// <summary>A duration in milliseconds in <c>[min, max]</c>; zero stands for <paramref name="whenZero"/>.</summary>
    public TimeSpan Milliseconds(string field, long value, long min, long max, TimeSpan whenZero)
    {
        if (value == 0)
        {
            return whenZero;
        }

        if (value < min || value > max)
        {
            Fail(field, string.Create(CultureInfo.InvariantCulture, $"{value} ms is not in {min} to {max}"));
            return whenZero;
        }

        return TimeSpan.FromMilliseconds(value);
    }

    /// <summary>A value that this version's contract knows.</summary>
    public TEnum Known<TEnum>(string field, TEnum value)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Fail(field, $"{value:D} is not a value of {typeof(TEnum).Name} in this version");
        }

        return value;
    }

    /// <summary>Text of at most <paramref name="lengthMax"/> characters, perhaps empty.</summary>
    public string Text(string field, string text, int lengthMax)
    {
        if (text.Length > lengthMax)
        {
            Fail(field, string.Create(CultureInfo.InvariantCulture, $"{text.Length} characters are more than {lengthMax}"));
        }

        return text;
    }

    /// <summary>Records a fault if there are more than <paramref name="max"/> elements, or fewer than <paramref name="min"/>; answers whether they may be looked at one by one.</summary>
    public bool Count(string field, int count, int min, int max)
    {
        if (count < min || count > max)
        {
            Fail(field, string.Create(CultureInfo.InvariantCulture, $"{count} elements are not in {min} to {max}"));
        }

        return count <= max;
    }

    /// <summary>Exactly 16 bytes that are not all zero.</summary>
    public UInt128 Identifier(string field, ByteString bytes)
    {
        if (!Identifier128.TryRead(bytes.Span, out var value))
        {
            Fail(field, string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes where {Identifier128.ByteCount} are wanted"));
        }
        else if (value == UInt128.Zero)
        {
            Fail(field, "all zero, which nobody may choose");
        }

        return value;
    }

    private string PathOf(string field)
    {
        var path = new System.Text.StringBuilder();
        foreach (var (scope, index) in _scopes)
        {
            path.Append(scope);
            if (index >= 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }

            path.Append('.');
        }

        return path.Append(field).ToString();
    }
}
