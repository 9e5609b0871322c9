//! Headless integration tests.
