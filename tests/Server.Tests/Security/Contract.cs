using System.Reflection;
using ControlPlane.Access;
using ControlPlane.Protocol.V1;
using Google.Protobuf.Reflection;

namespace ControlPlane.Server.Tests.Security;

/// <summary>The contract as the generated code describes it. Found by reflection: a service that is added later is in these tests without a change.</summary>
internal static class Contract
{
    /// <summary>Every service of every file.</summary>
    public static IReadOnlyList<ServiceDescriptor> Services { get; } =
    [
        .. typeof(AllocatorReflection).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static))
            .Where(property => property?.PropertyType == typeof(FileDescriptor))
            .SelectMany(property => ((FileDescriptor)property!.GetValue(null)!).Services),
    ];

    /// <summary>Every method, as gRPC writes it.</summary>
    public static IReadOnlyList<string> Methods { get; } =
        [.. Services.SelectMany(service => service.Methods.Select(method => $"/{service.FullName}/{method.Name}"))];

    /// <summary>Every method of the contract that a node serves, and the two services of gRPC's own.</summary>
    public static IReadOnlyList<string> OfNode { get; } =
    [
        .. Methods.Where(method => !method.StartsWith($"/{Gate.Descriptor.FullName}/", StringComparison.Ordinal)),
        .. AccessTable.Rules.Select(rule => rule.Method).Where(method => method.StartsWith("/grpc.", StringComparison.Ordinal)),
    ];

    /// <summary>What a method takes.</summary>
    public static MessageDescriptor InputOf(string method)
    {
        var parts = method.Split('/');
        return Services.Single(service => service.FullName == parts[1]).FindMethodByName(parts[2]).InputType;
    }
}
