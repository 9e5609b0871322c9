//! Composition of Pitwire.
pub mod wire;
