using ControlPlane.Chaos.App;

return await ChaosApp.RunAsync(args, Terminal.OfThisProcess());
