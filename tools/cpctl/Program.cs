using ControlPlane.Cpctl;

return await CpctlApp.RunAsync(args, Terminal.OfThisProcess());
