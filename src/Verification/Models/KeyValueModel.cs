using ControlPlane.Verification.Linearizability;

namespace ControlPlane.Verification.Models;

/// <summary>A map of texts with get, put and append. A key that nothing was put under reads as the empty text. Every key is a part of its own.</summary>
public sealed class KeyValueModel : ISequentialModel<string, KeyValueCall>
{
    /// <inheritdoc/>
    public string Initial => "";

    /// <inheritdoc/>
    public string PartOf(KeyValueCall exchange) => exchange.Key;

    /// <inheritdoc/>
    public bool TryStep(string state, KeyValueCall exchange, out string after)
    {
        after = exchange.Function switch
        {
            KeyValueFunction.Put => exchange.Value ?? "",
            KeyValueFunction.Append => state + exchange.Value,
            _ => state,
        };
        return exchange.Function != KeyValueFunction.Get || !exchange.IsAnswered || string.Equals(state, exchange.Value, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public string Describe(string state) => $"the text is \"{KeyValueCall.Shorten(state)}\"";
}
