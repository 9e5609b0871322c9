//! The paper broker: pure, deterministic, exact
