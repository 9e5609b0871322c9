//! Secrets: the app key and its home, tokens, digests, signatures
