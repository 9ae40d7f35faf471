using ControlPlane.Access;
using ControlPlane.Security;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ControlPlane.Server.Tests.Security;

/// <summary>
/// For each call that a bound role may make, every field that names one of its kind: found by the contract's own descriptors, so that
/// a field that is added later and forgotten in the table fails here.
/// </summary>
public sealed class BoundFieldTests
{
    private const string Own = "acme";
    private const string Other = "other";

    public static TheoryData<string, string> Fields
    {
        get
        {
            var fields = new TheoryData<string, string>();
            foreach (var rule in AccessTable.Rules.Where(rule => rule.Bound is not null))
            {
                foreach (var path in PathsOf(Contract.InputOf(rule.Method), FieldNames(rule.Bound!.Value), depth: 0))
                {
                    fields.Add(rule.Method, path);
                }
            }

            return fields;
        }
    }

    [Fact]
    public void Every_bound_call_has_a_field_that_binds_it() =>
        Assert.All(
            AccessTable.Rules.Where(rule => rule.Bound is not null),
            rule => Assert.NotEmpty(PathsOf(Contract.InputOf(rule.Method), FieldNames(rule.Bound!.Value), depth: 0)));

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_that_names_another_or_nobody_is_refused(string method, string path)
    {
        var speaksOnlyOf = AccessTable.Find(method)!.SpeaksOnlyOf!;

        Assert.True(speaksOnlyOf(With(method, path, Own), Own), "its own name passes");
        Assert.False(speaksOnlyOf(With(method, path, Other), Own), "another's does not");
        Assert.False(speaksOnlyOf(With(method, path, ""), Own), "nor does none");
        Assert.False(speaksOnlyOf(With(method, path, Own.ToUpperInvariant()), Own), "nor does one in another case");
    }

    private static string[] FieldNames(Role bound) => bound switch
    {
        Role.Tenant => ["tenant"],
        Role.Worker => ["hello.name"],
        _ => ["journal"],
    };

    /// <summary>All paths of message fields that end with one of the names.</summary>
    private static IEnumerable<string> PathsOf(MessageDescriptor message, string[] names, int depth)
    {
        foreach (var field in message.Fields.InDeclarationOrder().Where(field => !field.IsMap))
        {
            if (field.FieldType == FieldType.String && names.Any(name => name == field.Name))
            {
                yield return field.Name;
            }
            else if (field.FieldType == FieldType.Message && depth < 4)
            {
                var below = names.Where(name => name.StartsWith(field.Name + ".", StringComparison.Ordinal)).Select(name => name[(field.Name.Length + 1)..]);
                foreach (var path in PathsOf(field.MessageType, [.. names, .. below], depth + 1))
                {
                    yield return $"{field.Name}.{path}";
                }
            }
        }
    }

    private static IMessage With(string method, string path, string value)
    {
        var message = Contract.InputOf(method).Parser.ParseFrom(ByteString.Empty);
        var at = message;
        var steps = path.Split('.');
        foreach (var step in steps[..^1])
        {
            var field = at.Descriptor.FindFieldByName(step);
            var below = field.MessageType.Parser.ParseFrom(ByteString.Empty);
            if (field.IsRepeated)
            {
                ((System.Collections.IList)field.Accessor.GetValue(at)).Add(below);
            }
            else
            {
                field.Accessor.SetValue(at, below);
            }

            at = below;
        }

        at.Descriptor.FindFieldByName(steps[^1]).Accessor.SetValue(at, value);
        return message;
    }
}
