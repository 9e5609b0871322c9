//! Any bytes: read with every dialect, masked, searched for secrets. Nothing may panic, and what is stored has the
//! length of what came.
#![no_main]

use dialect::{Settings, mask, read, secrets_in};
use domain::{DialectName, Side, Symbol};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let found = read(body, &Settings::default());
    let everything =
        Settings { symbol: Symbol::new("ES1!").ok(), default_side: Some(Side::Long), ..Settings::default() };
    for dialect in DialectName::ALL {
        let settings = Settings { dialect: Some(*dialect), ..everything.clone() };
        if let Ok(reading) = read(body, &settings) {
            assert!(!reading.signals.is_empty());
        }
    }
    let known = found.ok().map(|reading| reading.dialect);
    assert_eq!(mask(body, None, known).len(), body.len());
    assert!(secrets_in(body).len() <= 16);
});
