using ControlPlane.Simulator.App;

return await SimulatorApp.RunAsync(args, Terminal.OfThisProcess());
