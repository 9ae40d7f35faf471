using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Security;

/// <summary>A certificate that was made, and its key, as PEM.</summary>
public sealed record IssuedCertificate(X509Certificate2 Certificate, string CertificatePem, string KeyPem);
