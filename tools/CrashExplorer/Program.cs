using ControlPlane.CrashExplorer.App;

return await ExplorerApp.RunAsync(args, Console.Out, Console.Error, showsProgress: !Console.IsErrorRedirected);
