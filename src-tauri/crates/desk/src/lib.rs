//! Composition: intake, driver, publish, recovery, RPC handlers and all JSON of the outside
