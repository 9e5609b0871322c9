//! Whose certificates are believed.

use bytes::Bytes;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::ConfigVerifierExt;
use std::sync::Arc;
use thiserror::Error;

/// Why certificates cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TrustError {
    /// The file is no PEM, or holds none.
    #[error("no certificate is in it")]
    NoCertificate,
    /// The system's own.
    #[error("the certificates of the system cannot be used: {0}")]
    System(String),
}

/// One implementation of cryptography for the whole program, whoever is first.
pub(crate) fn settle_cryptography() {
    let _settled_before = rustls::crypto::ring::default_provider().install_default();
}

/// The certificates of a PEM file.
pub(crate) fn roots(pem: &Bytes) -> Result<RootCertStore, TrustError> {
    let mut store = RootCertStore::empty();
    let certificates = CertificateDer::pem_slice_iter(pem).filter_map(Result::ok);
    let (added, _ignored) = store.add_parsable_certificates(certificates);
    if added == 0 { Err(TrustError::NoCertificate) } else { Ok(store) }
}

/// What a client believes: the certificates of `pem`, else those of the system.
pub(crate) fn client(pem: Option<&Bytes>) -> Result<Arc<ClientConfig>, TrustError> {
    settle_cryptography();
    let config = match pem {
        Some(pem) => ClientConfig::builder().with_root_certificates(roots(pem)?).with_no_client_auth(),
        None => ClientConfig::with_platform_verifier().map_err(|e| TrustError::System(e.to_string()))?,
    };
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_certificates_is_refused() {
        for text in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n"]
        {
            assert_eq!(roots(&Bytes::from(text)).unwrap_err(), TrustError::NoCertificate, "{text}");
        }
    }
}
