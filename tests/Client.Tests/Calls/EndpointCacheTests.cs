namespace ControlPlane.Client.Tests;

public sealed class EndpointCacheTests
{
    [Fact]
    public void An_address_has_one_endpoint()
    {
        using var cache = new EndpointCache();
        Assert.Same(cache.Get("http://a:1"), cache.Get("http://a:1"));
    }

    [Fact]
    public void A_full_cache_forgets_what_was_used_longest_ago()
    {
        using var cache = new EndpointCache();
        var kept = cache.Get("http://kept:1");
        var forgotten = cache.Get("http://forgotten:1");
        for (var i = 0; i < EndpointCache.EndpointsMax - 2; i++)
        {
            cache.Get($"http://filler-{i}:1");
        }

        cache.Get("http://kept:1");
        cache.Get("http://one-too-many:1");

        Assert.Equal(EndpointCache.EndpointsMax, cache.Count);
        Assert.Same(kept, cache.Get("http://kept:1"));
        Assert.NotSame(forgotten, cache.Get("http://forgotten:1"));
    }
}
