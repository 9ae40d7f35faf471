using ControlPlane.Verification.Histories;
using ControlPlane.Verification.Linearizability;
using ControlPlane.Verification.Models;

namespace ControlPlane.Verification.Tests.Histories;

public sealed class PublicLogsTests
{
    private const string Jepsen = "INFO  jepsen.util - ";

    [Fact]
    public void Calls_of_a_register_are_paired_by_process() => Assert.Equal(
        [
            new Operation<RegisterCall>(0, new RegisterCall(RegisterFunction.Read, 4, null, RegisterAnswer.Ok), 1, 4),
            new Operation<RegisterCall>(2, new RegisterCall(RegisterFunction.Write, 4, null, RegisterAnswer.Ok), 2, 3),
            new Operation<RegisterCall>(1, new RegisterCall(RegisterFunction.CompareAndSet, 0, 3, RegisterAnswer.Mismatch), 5, 6),
        ],
        Register("0\t:invoke\t:read\tnil", "2\t:invoke\t:write\t4", "2\t:ok\t:write\t4", "0\t:ok\t:read\t4", "1\t:invoke\t:cas\t[3 0]", "1\t:fail\t:cas\t[3 0]"));

    [Fact]
    public void What_timed_out_or_never_ended_is_pending() =>
        Assert.All(Register("1\t:invoke\t:write\t4", "1\t:info\t:write\t:timed-out", "2\t:invoke\t:cas\t[1 2]"), operation => Assert.Null(operation.Completed));

    [Fact]
    public void A_read_that_failed_is_left_out() =>
        Assert.Empty(Register("1\t:invoke\t:read\tnil", "1\t:fail\t:read\t:timed-out"));

    [Theory]
    [InlineData("hello")]
    [InlineData(Jepsen + "1\t:invoke\t:delete\t4")]
    [InlineData(Jepsen + "1\t:ok\t:write\t4")]
    public void A_line_that_makes_no_sense_is_refused(string line) =>
        Assert.Contains("Line 2", Assert.Throws<FormatException>(() => JepsenRegisterLog.Parse(["", line])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_process_has_one_call_at_a_time() =>
        Assert.Throws<FormatException>(() => Register("1\t:invoke\t:write\t4", "1\t:invoke\t:write\t5"));

    [Fact]
    public void Calls_of_a_key_value_store_are_paired_by_process() => Assert.Equal(
        [
            new Operation<KeyValueCall>(9, new KeyValueCall(KeyValueFunction.Append, "0", "x \"9\" y", IsAnswered: true), 1, 3),
            new Operation<KeyValueCall>(4, new KeyValueCall(KeyValueFunction.Get, "0", "", IsAnswered: true), 2, 4),
            new Operation<KeyValueCall>(5, new KeyValueCall(KeyValueFunction.Put, "1", "a", IsAnswered: false), 5, null),
        ],
        KeyValueLog.Parse(
        [
            """{:process 9, :type :invoke, :f :append, :key "0", :value "x \"9\" y"}""",
            """{:process 4, :type :invoke, :f :get, :key "0", :value nil}""",
            """{:process 9, :type :ok, :f :append, :key "0", :value "x \"9\" y"}""",
            """{:process 4, :type :ok, :f :get, :key "0", :value ""}""",
            """{:process 5, :type :invoke, :f :put, :key "1", :value "a"}""",
        ]));

    [Fact]
    public void A_key_value_line_that_makes_no_sense_is_refused() =>
        Assert.Throws<FormatException>(() => KeyValueLog.Parse(["""{:process 9, :type :invoke, :f :drop, :key "0", :value nil}"""]));

    private static IReadOnlyList<Operation<RegisterCall>> Register(params string[] lines) => JepsenRegisterLog.Parse(lines.Select(line => Jepsen + line));
}
