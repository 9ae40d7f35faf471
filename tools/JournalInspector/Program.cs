using ControlPlane.Journal.Disk;
using ControlPlane.JournalInspector.App;

return await InspectorApp.RunAsync(args, Terminal.OfThisProcess(), new PhysicalDisk());
