using ControlPlane.Journal.Disk;
using ControlPlane.Journal.Disk.Faults;
using ControlPlane.Runtime.Registers;

namespace ControlPlane.Runtime.Tests.Registers;

public sealed class FileRegisterTests : ConfigRegisterConformance
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FaultInjectingDisk _disk = new(new PhysicalDisk());
    private FileRegister? _register;

    public override ValueTask InitializeAsync()
    {
        _register = FileRegister.Open(Path.Combine(_directory.Path, "register"), _disk);
        return ValueTask.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _register!.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task After_a_failed_sync_nothing_is_said_until_it_is_opened_again()
    {
        var register = NewClient();
        Assert.True(await register.TryCompareAndSetAsync(0, new byte[] { 1 }, Stop));
        _disk.Rule = FaultInjectingDisk.Once(o => o.Kind == DiskOperationKind.SyncData, 0, DiskFault.InputOutputError);
        await Assert.ThrowsAsync<StorageFaultException>(async () => await register.TryCompareAndSetAsync(1, new byte[] { 2 }, Stop));
        await Assert.ThrowsAsync<StorageFaultException>(async () => await register.ReadAsync(Stop));
        await RestartAsync();
        Assert.InRange((await NewClient().ReadAsync(Stop))!.Version, 1ul, 2ul);
    }

    protected override IConfigRegister NewClient() => _register!;

    protected override async ValueTask RestartAsync()
    {
        await _register!.DisposeAsync();
        await InitializeAsync();
    }
}
